import test from 'ava';
import {openConnection, sh, UnreachableError} from '../../src/connection/connection.js';
import {sshdMissing, startSshd} from './sshd.js';
import {startProxy} from './tcp-proxy.js';

const nothing = sh`
	# prints nothing
	:
`;

if (sshdMissing()) test.skip(`skipped: ${sshdMissing()}`, () => {});
else {
	test('a connection that was lost is made again at once, then after half a second, then after two, and no more', async (t) => {
		const sshd = await startSshd();
		t.teardown(() => sshd.stop());
		const proxy = await startProxy(sshd.port);
		const options = ['-F', 'none', '-o', 'HostKeyAlias=h', '-o', `UserKnownHostsFile=${sshd.folder}/known`];
		const accepting = [...options, '-o', 'StrictHostKeyChecking=accept-new'];
		const connection = await openConnection(sshd.target({port: proxy.port, sshArgs: accepting}), sshd.settings);
		t.teardown(() => connection.close());
		const shell = await connection.shell();
		await shell.run({script: nothing});
		proxy.close();
		const pauses: number[] = [];
		const {setTimeout: wait} = globalThis;
		// The short waits are noted and not waited for: the pauses, and after each how long the handshake may be silent.
		globalThis.setTimeout = ((act: () => void, pause = 0, ...rest: []) => {
			if (pause > 2000) return wait(act, pause, ...rest);
			pauses.push(pause);
			return wait(act, 0, ...rest);
		}) as typeof setTimeout;
		try {
			await t.throwsAsync(shell.run({script: nothing}), {instanceOf: UnreachableError});
		} finally {
			globalThis.setTimeout = wait;
		}
		const silence = 2000;
		t.deepEqual(pauses, [0, silence, 500, silence, 2000, silence]);
	});
}
