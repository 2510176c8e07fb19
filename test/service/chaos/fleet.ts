import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { callerOf, operatorKey, until, type Answer, type Call, type TestService } from '../fixtures.js';
import { nodeFlags, programOf } from '../../programs.js';

interface Instance {
  url: string;
  process: ChildProcess;
  call: TestService['call'];
}

/** What an instance answers that may be asked again in the same words. */
const passing = ['IDEMPOTENCY_KEY_IN_USE', 'SERVICE_UNAVAILABLE', 'SERVICE_ERROR'];
const pauseMs = 50;

/** Several instances in processes of their own on one database. Whoever calls is answered as long as one of them lives. */
export class Fleet {
  /** What the instances complained about. */
  readonly complaints: string[] = [];
  #living: Instance[] = [];

  /** @param webhookHosts receivers that their webhooks may reach. */
  async start(databaseUrl: string, count: number, webhookHosts: readonly string[] = []): Promise<void> {
    const environment = { DATABASE_URL: databaseUrl, WEBHOOK_HOSTS: webhookHosts.join(',') };
    this.#living = await Promise.all(Array.from({ length: count }, () => this.#startOne(environment)));
  }

  /** Where those that live are to be found. */
  get urls(): string[] {
    return this.#living.map(({ url }) => url);
  }

  /** One of those that live, by chance. */
  get anyUrl(): string {
    return this.#any().url;
  }

  get size(): number {
    return this.#living.length;
  }

  /** Ends one of them as a power cut would: nothing is finished, nothing is said. */
  async kill(): Promise<void> {
    const index = Math.floor(Math.random() * this.#living.length);
    const [victim] = this.#living.splice(index, 1);
    victim!.process.kill('SIGKILL');
    await once(victim!.process, 'exit');
  }

  async stop(): Promise<void> {
    while (this.#living.length > 0) await this.kill();
  }

  /** Asks any of them, and another one in the same words where no answer came, until there is an answer. */
  readonly call: TestService['call'] = async <T>(
    method: string,
    path: string,
    call?: Call,
  ): Promise<Answer<T>> => {
    for (;;) {
      const answer = await this.#any()
        .call<T & { code?: string }>(method, path, call)
        .catch(() => undefined);
      if (answer && !passing.includes(answer.body.code ?? '')) return answer;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };

  #any(): Instance {
    return this.#living[Math.floor(Math.random() * this.#living.length)]!;
  }

  async #startOne(environment: Record<string, string>): Promise<Instance> {
    const env = { ...process.env, ...environment, OPERATOR_KEY: operatorKey };
    const child = spawn(process.execPath, [...nodeFlags, programOf('test/service/chaos/instance.ts')], {
      env,
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => this.complaints.push(String(chunk)));
    await until(() => {
      if (child.exitCode !== null) throw new Error(`an instance ended: ${this.complaints.join('')}`);
      return output.includes('runs at');
    }, 30_000);
    const url = /runs at (\S+)/.exec(output)![1]!;
    return { process: child, url, call: callerOf(url) };
  }
}
