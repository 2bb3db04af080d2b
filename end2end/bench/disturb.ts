// What verification may be disturbed by: unknown secrets, edits, and connections that never come to the point.
import { type Socket, connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type Ask, type Served, wrk } from "./wrk";

/** Connections that never end their request, each from one of so many addresses, far below what one address may have. */
const HALF_OPEN = 2_000;
const ADDRESSES = 100;
/** Milliseconds in which they are opened, as long as the server lets them: it then closes them as evenly. */
const OPENED_IN = 10_000;
const OPENED_AT_ONCE = 20;
/** Milliseconds between two bytes of one connection; the connections take turns in so many groups. */
const BYTE_EVERY = 4_000;
const GROUPS = 40;
/** Milliseconds until a connection that was closed is opened again. */
const REOPEN_AFTER = 50;
/** What is said of a request before the bytes begin to trickle. */
const BEGINNING = "GET /auth/verify?module=billing HTTP/1.1\r\nHost: latchkey\r\nX-Slow: ";

/** Something that goes on until it is stopped, and then tells what it was. */
export interface Disturbance {
  stop(): Promise<string>;
}

/** A second wrk, begun a second before what it disturbs; `seconds` have to last until after that. */
export async function second(ask: Ask & { seconds: number }, tell: (served: Served) => string): Promise<Disturbance> {
  const ends = wrk(ask);
  // A failure is told when it is stopped.
  ends.catch(() => undefined);
  await pause(1_000);
  return { stop: async () => tell(await ends) };
}

/** Keeps connections open that send the head of a request byte by byte and never end it. */
export async function halfOpen(port: number): Promise<Disturbance> {
  const sockets: (Socket | undefined)[] = Array.from({ length: HALF_OPEN });
  let stopped = false;
  let reopened = 0;
  const begin = (number: number) => {
    if (stopped) return;
    const address = number % ADDRESSES;
    // 127.0.0.1 is left out: it is a trusted proxy's and has no limit.
    const localAddress = `127.0.${1 + Math.floor(address / 50)}.${1 + (address % 50)}`;
    const socket = connect({ host: "127.0.0.1", port, localAddress });
    sockets[number] = socket;
    socket.on("connect", () => socket.write(BEGINNING));
    // The server closes a head that takes too long; a byte that crosses that is answered by a reset.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (!stopped) reopened += 1;
      setTimeout(() => begin(number), REOPEN_AFTER);
    });
    socket.resume();
  };
  for (let number = 0; number < HALF_OPEN; number += 1) {
    begin(number);
    if (number % OPENED_AT_ONCE === 0) await pause((OPENED_IN * OPENED_AT_ONCE) / HALF_OPEN);
  }
  let looks = 0;
  let seen = 0;
  const look = () => {
    for (const [number, socket] of sockets.entries()) {
      if (socket?.readyState !== "open") continue;
      seen += 1;
      if (number % GROUPS === looks % GROUPS) socket.write("a");
    }
    looks += 1;
  };
  const timer = setInterval(look, BYTE_EVERY / GROUPS);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      for (const socket of sockets) socket?.destroy();
      // For the server to notice.
      await pause(500);
      return `${Math.round(seen / Math.max(1, looks)).toLocaleString("en")} half-open, ${reopened.toLocaleString("en")} opened again`;
    },
  };
}
