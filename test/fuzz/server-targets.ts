// A whole server, asked over its real sockets: as a charger that has gone mad, and as a client of the API that has.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PROBLEM_TYPE_PREFIX } from '../../src/api/contract.ts';
import type { OpenApiDocument } from '../../src/api/contract/openapi.ts';
import { exampleOf, type Schemas } from '../../src/api/docs-schema.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { startKwotaInProcess, type KwotaInProcess } from '../kit/kwota-in-process.ts';
import { OddSocket } from './odd-socket.ts';
import type { FuzzTarget } from './fuzz.ts';
import { GOOD_FRAMES } from './good-frames.ts';

/** Not asked: one ends the server, the other waits for minutes. */
const LEFT_OUT = ['/api/server/stop', '/api/unknown-tags/next'];
const ANSWERED_WITHIN_MS = 30_000;
/** Requests of the fuzzer come from one token, as fast as they are answered. */
const YAML = 'api:\n  rateLimit: 100000\n  rateBurst: 1000000\n';
/** What a mistake in the program says in the log, whatever has become of the message. */
const MISTAKE = /TypeError|RangeError|ReferenceError|internal error|InternalError/i;

export interface FuzzedServer {
  readonly targets: readonly FuzzTarget[];
  close(): Promise<void>;
}

/** `dataDir` has users1.csv. */
export async function startFuzzedServer(dataDir: string): Promise<FuzzedServer> {
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock: systemClock, yaml: YAML });
  const socket = new OddSocket(`${kwota.ocppUrl}/FUZZ`);
  const sound = soundLog(kwota);
  const token = readFileSync(join(dataDir, '.kwota/admin-token'), 'utf8').trim();
  const charger: FuzzTarget = {
    name: 'charger',
    corpus: GOOD_FRAMES,
    async check(input) {
      await socket.exchange(input, ANSWERED_WITHIN_MS);
      sound();
    },
  };
  const api: FuzzTarget = {
    name: 'api',
    corpus: await requestsOf(kwota.apiUrl),
    async check(input) {
      checkAnswer(await request(kwota.apiUrl, token, input));
      sound();
    },
  };
  return {
    targets: [charger, api],
    async close() {
      await socket.close();
      await kwota.stop();
    },
  };
}

/** Throws when the log has had a mistake since it was asked last. */
function soundLog(kwota: KwotaInProcess): () => void {
  let seen = 0;
  return () => {
    const lines = kwota.log().slice(seen);
    seen += lines.length;
    const mistake = lines.split('\n').find((line) => / (ERROR|WARN) /.test(line) && MISTAKE.test(line));
    assert.equal(mistake, undefined);
  };
}

/** `POST /api/users` and, two lines below, its body; one of each route of the API's own document. */
async function requestsOf(apiUrl: string): Promise<readonly string[]> {
  const document = (await (await fetch(`${apiUrl}/api/openapi.json`)).json()) as OpenApiDocument;
  const schemas = document.components.schemas as Schemas;
  return Object.entries(document.paths)
    .filter(([path]) => !LEFT_OUT.includes(path))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters, requestBody }]) => {
        const query = parameters
          .filter((one) => one.in === 'query')
          .map(({ name, schema }) => `${name}=${encodeURIComponent(String(exampleOf(schema, schemas)))}`);
        const schema = requestBody?.content['application/json']?.schema;
        const body = schema === undefined ? '' : JSON.stringify(exampleOf(schema, schemas));
        const target =
          path.replaceAll(/\{\w+\}/g, 'FUZZ') + (query.length === 0 ? '' : `?${query.join('&')}`);
        return `${method.toUpperCase()} ${target}\n\n${body}`;
      }),
    );
}

/** The head of the answer, and its body unless that goes on and on. Empty when the connection was closed at once. */
async function request(apiUrl: string, token: string, input: Buffer): Promise<string> {
  const headEnd = input.indexOf('\n\n');
  const [head, body] =
    headEnd < 0 ? [input, Buffer.alloc(0)] : [input.subarray(0, headEnd), input.subarray(headEnd + 2)];
  // A broken request line is the HTTP parser's, and is not looked for here.
  const [method = '', ...target] = head
    .toString('latin1')
    .replaceAll(/[^\x21-\x7e ]/g, '%')
    .split(' ');
  const path = target.join('%20') || '/';
  if (LEFT_OUT.some((left) => decodeLoosely(path).includes(left))) return '';
  const { port, hostname } = new URL(apiUrl);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(ANSWERED_WITHIN_MS, () => socket.destroy(new Error('no answer')));
  socket.write(
    `${method} ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\nif-match: *\r\nconnection: close\r\n\r\n`,
  );
  socket.write(body);
  let answer = '';
  try {
    for await (const chunk of socket) {
      answer += (chunk as Buffer).toString('latin1');
      if (/^content-type: text\/event-stream/im.test(answer)) break;
    }
  } catch (error) {
    // A body that is not wanted is cut off, and what was answered before may be lost with it.
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  } finally {
    socket.destroy();
  }
  return answer;
}

function decodeLoosely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function checkAnswer(answer: string): void {
  if (answer === '') return;
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
  assert.ok(status >= 200 && status !== 500, answer);
  if (status < 500) return;
  const body = answer.slice(answer.indexOf('\r\n\r\n'));
  assert.ok(body.includes(PROBLEM_TYPE_PREFIX), `${status} is a problem with a type of its own: ${answer}`);
}
