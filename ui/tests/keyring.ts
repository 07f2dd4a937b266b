// A keyring without a desktop: a private bus, and on it a gnome-keyring whose files lie in a temporary folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Keyring = { env: Record<string, string>; stop: () => Promise<void> };

/** Nothing on it is started by asking for it. */
const config = (bus: string): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${bus}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGKILL');
  await end;
}

/** Starts both, and returns when the bus listens; the keyring is there a moment later. */
export async function startKeyring(): Promise<Keyring> {
  const folder = mkdtempSync(join(tmpdir(), 'z-image-keyring-'));
  const run = join(folder, 'run');
  mkdirSync(run, { mode: 0o700 });
  writeFileSync(join(folder, 'bus.conf'), config(join(run, 'bus')));
  const bus = spawn('dbus-daemon', ['--config-file', join(folder, 'bus.conf'), '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // It says its address once it listens there.
  const address = await new Promise<string>((done, fail) => {
    bus.once('error', fail);
    bus.once('exit', () => fail(new Error('dbus-daemon did not start')));
    createInterface(bus.stdout).once('line', done);
  });
  const env = {
    HOME: folder,
    XDG_CACHE_HOME: join(folder, '.cache'),
    XDG_CONFIG_HOME: join(folder, '.config'),
    XDG_DATA_HOME: join(folder, '.local/share'),
    XDG_STATE_HOME: join(folder, '.local/state'),
    XDG_RUNTIME_DIR: run,
    DBUS_SESSION_BUS_ADDRESS: address,
  };
  const keyring = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, ...env },
  });
  await new Promise<void>((done, fail) => {
    keyring.once('error', fail);
    keyring.once('spawn', done);
  });
  keyring.stdin.end('a password for tests');
  const stop = async (): Promise<void> => {
    await ended(keyring);
    await ended(bus);
    rmSync(folder, { recursive: true, force: true });
  };
  return { env, stop };
}
