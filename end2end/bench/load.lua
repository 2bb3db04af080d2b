-- What wrk sends and tells. Behind the address come settings, name=value:
--   secrets=FILE  a line of it is presented with each request; without one the request is always the same
--   order=any     a line at random (the default)
--   order=once    each line once, from the line after `skip`; wrk ends when there are no more
--   edits=FILE    a line of it is the id of a token behind the address, which gets another description
--   threads=N     among how many threads of wrk the lines and the rate are divided
--   rate=N        so many requests a second of all threads together; without it as many as go
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanoseconds; } moment; int clock_gettime(int, moment *);")
local MONOTONIC = 1
local moment = ffi.new("moment")

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local function milliseconds()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.seconds) * 1e3 + tonumber(moment.nanoseconds) / 1e6
end

-- Every `step`th line from `first` on, behind `before` and in front of `after`.
local function lines(file, first, step, before, after)
  local texts = {}
  local number = 0
  for line in io.lines(file) do
    if number >= first and (number - first) % step == 0 then
      texts[#texts + 1] = before .. line .. after
    end
    number = number + 1
  end
  return texts
end

-- Requests as text: making them while they are sent would slow wrk down.
local function requests(file, first, step)
  local before, after = wrk.format(nil, nil, { Authorization = "Bearer SECRET" }):match("^(.*)SECRET(.*)$")
  return lines(file, first, step, before, after)
end

-- The times at which requests are due are fixed in advance, so that a slow answer does not lower the rate.
local function paced(rate)
  local interval = 1e3 / rate
  local due
  return function()
    local now = milliseconds()
    due = (due or now) + interval
    -- wrk waits whole milliseconds: rounded up or down by chance, right on average.
    return due > now and math.floor(due - now + math.random()) or 0
  end
end

function init(args)
  local given = { order = "any", skip = 0, threads = 1 }
  for _, arg in ipairs(args) do
    local name, value = arg:match("^(%w+)=(.*)$")
    given[name] = value
  end
  math.randomseed(number + 1)
  if given.rate then
    delay = paced(given.rate / given.threads)
  end
  if given.secrets and given.order == "any" then
    local texts = requests(given.secrets, 0, 1)
    request = function() return texts[math.random(#texts)] end
  elseif given.secrets then
    local texts = requests(given.secrets, given.skip + number, tonumber(given.threads))
    local next = 0
    request = function()
      next = next + 1
      if next > #texts then os.exit(0) end
      return texts[next]
    end
  elseif given.edits then
    local paths = lines(given.edits, 0, 1, wrk.path .. "/", "")
    local count = 0
    request = function()
      count = count + 1
      -- Never the same twice: what changes nothing is not saved.
      local body = string.format('{"description":"Change %d at %.6f"}', count, milliseconds())
      return wrk.format("PUT", paths[math.random(#paths)], nil, body)
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    'figures={"requests":%d,"seconds":%f,"p50":%d,"p99":%d,"refused":%d,"broken":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
