// A proxy between browser and server that remembers every byte of both, for tests that look for what must not travel.
import { type IncomingMessage, type Server as HttpServer, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A request and its answer, complete. */
export interface Exchange {
  method: string;
  /** With its query, as it was sent. */
  url: string;
  /** Names and values, one a line. */
  requestHead: string;
  requestBody: Buffer;
  status: number;
  answerHead: string;
  answerBody: Buffer;
}

export interface Wire {
  readonly url: string;
  readonly exchanges: Exchange[];
  /** From now on requests go to this port. */
  leadTo(port: number): void;
  close(): Promise<void>;
}

const head = ({ rawHeaders }: IncomingMessage) =>
  rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\n`)).join("");

async function whole(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Opens one; it leads nowhere until it is told a port. */
export async function openWire(): Promise<Wire> {
  const exchanges: Exchange[] = [];
  let target = 0;
  const proxy: HttpServer = createServer((asked, answer) => {
    void (async () => {
      const requestBody = await whole(asked);
      const { method = "", url = "" } = asked;
      // Nothing is compressed on this wire, so that it can be read.
      const headers = { ...asked.headers, "accept-encoding": "identity" };
      const onward = request({ host: "127.0.0.1", port: target, method, path: url, headers });
      const got = await new Promise<IncomingMessage>((resolve, reject) => {
        onward.on("response", resolve).on("error", reject).end(requestBody);
      });
      const answerBody = await whole(got);
      const status = got.statusCode ?? 0;
      exchanges.push({ method, url, requestHead: head(asked), requestBody, status, answerHead: head(got), answerBody });
      answer.writeHead(status, got.rawHeaders).end(answerBody);
    })().catch(() => answer.destroy());
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    exchanges,
    leadTo: (port) => void (target = port),
    close: () =>
      new Promise((closed) => {
        proxy.close(() => closed());
        proxy.closeAllConnections();
      }),
  };
}
