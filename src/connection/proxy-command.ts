import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {Duplex} from 'node:stream';
import {within} from './promises.js';

/** The stream that a `ProxyCommand` is: what it reads and writes. It ends with the stream; `said` is what it wrote on stderr. */
export function proxyStream(command: string): {readonly stream: Duplex; said(): string} {
	const child = spawn('/bin/sh', ['-c', `exec ${command}`], {detached: true, stdio: ['pipe', 'pipe', 'pipe']});
	const {stdin, stdout} = child;
	let said = '';
	child.stderr.on('data', (chunk: Buffer) => {
		said = (said + chunk.toString('utf8')).slice(-2048);
	});
	const stream = new Duplex({
		read: () => stdout.resume(),
		write: (chunk, _, done) => {
			// That it cannot be written is told by the end of what it says.
			stdin.write(chunk, () => done());
		},
		final: (done) => {
			stdin.end(done);
		},
		destroy: (error, done) => {
			try {
				if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
			} catch {
				// It ended by itself meanwhile.
			}
			done(error);
		},
	});
	stdout.on('data', (chunk) => {
		if (!stream.push(chunk)) stdout.pause();
	});
	// The end of what it says is the end of the way, whatever could still be written; its last words on stderr may come a moment later.
	stdout.once('close', async () => {
		await within(100, once(child, 'close'));
		stream.push(null);
	});
	child.once('error', (error) => stream.destroy(error));
	for (const each of [stdin, stream]) each.on('error', () => {});
	return {stream, said: () => said.trim()};
}
