// The account service itself beside the window: its program, a folder of its own, and the mails that it prints.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export type Service = {
  address: string;
  /** The code of the next mail that has one. */
  code: () => Promise<string>;
  /** The line of the next mail that has one by which a change of address is taken back. */
  undo: () => Promise<string>;
  stop: () => Promise<void>;
};

/** In a mail each stands in a line of its own. */
const CODE = /^ +([0-9A-Z]{4}-[0-9A-Z]{4})$/;
const UNDO = /^ +(zis_t_\S+)$/;

/** What comes one after another, and whoever waits for the next. */
class Coming {
  readonly #come: string[] = [];
  #waiting: (() => void) | null = null;

  put(one: string | undefined): void {
    if (one === undefined) return;
    this.#come.push(one);
    this.#waiting?.();
  }
  async next(): Promise<string> {
    while (this.#come.length === 0) await new Promise<void>((again) => (this.#waiting = again));
    return this.#come.shift() ?? '';
  }
}

/** Starts it: `ZIMAGE_SERVER` names its binary, otherwise the workspace's debug build. */
export async function startService(): Promise<Service> {
  const binary = process.env['ZIMAGE_SERVER'] ?? resolve(import.meta.dirname, '../../target/debug/zimage-server');
  const folder = mkdtempSync(join(tmpdir(), 'z-image-service-'));
  const given = ['--listen', '127.0.0.1:0', '--data', folder];
  const child = spawn(binary, given, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [codes, undos] = [new Coming(), new Coming()];
  const address = await new Promise<string>((done, fail) => {
    child.once('exit', (status) => fail(new Error(`zimage-server ended with ${status}`)));
    child.once('error', fail);
    createInterface(child.stdout).on('line', (line) => {
      const listening = /^listening on (\S+)$/.exec(line)?.[1];
      if (listening) done(listening);
      codes.put(CODE.exec(line)?.[1]);
      undos.put(UNDO.exec(line)?.[1]);
    });
  });
  return {
    address,
    code: () => codes.next(),
    undo: () => undos.next(),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((done) => child.once('exit', done));
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
