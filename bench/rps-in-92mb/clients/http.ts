import { rivalModule } from '../../rivalModule.ts';
import type { Answers, Asker, OpenAsker } from '../Asker.ts';
import { HOST } from '../host.ts';
import { type JsonAnswer, jsonRequest, numberIn } from '../jsonEcho.ts';

interface UndiciPool {
  request(options: object): Promise<{ readonly statusCode: number; readonly body: { json(): Promise<unknown> } }>;
  destroy(): Promise<void>;
}

interface UndiciModule {
  readonly Pool: new (origin: string, options: object) => UndiciPool;
}

/** Each has one request at a time, as undici comes; what is above them waits in undici. */
const CONNECTIONS = 64;
const OK = 200;
const headers = { 'content-type': 'application/json' };

/** HTTP/1.1 and JSON, by undici. */
class HttpAsker implements Asker {
  readonly #pool: UndiciPool;

  constructor(pool: UndiciPool) {
    this.#pool = pool;
  }

  ask(sequence: number, answers: Answers): void {
    this.#post(sequence).then(
      (answer) => answers.answered(sequence, numberIn(answer), answer.data.length),
      (error: unknown) => answers.failed(error),
    );
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async #post(sequence: number): Promise<JsonAnswer> {
    const body = JSON.stringify(jsonRequest(sequence));
    const answer = await this.#pool.request({ method: 'POST', path: '/echo', headers, body });
    const json = await answer.body.json();
    if (answer.statusCode !== OK) throw new Error(`HTTP status ${answer.statusCode}`);
    return json as JsonAnswer;
  }
}

export const http: OpenAsker = async (port) => {
  const { Pool } = rivalModule<UndiciModule>('undici');
  return new HttpAsker(new Pool(`http://${HOST}:${port}`, { connections: CONNECTIONS }));
};
