import {spawn} from 'node:child_process';
import type {Channel} from './channel.js';
import {UnreachableError} from './contract.js';

/** A program of this machine whose stdin and stdout lead to a shell. */
export interface ChannelProgram {
	readonly program: string;
	readonly args: readonly string[];
	/** What its end means, by its exit status; nothing for an orderly end. */
	readonly reason?: (status: number | null, signal: NodeJS.Signals | null) => string;
}

/** Starts the program as the leader of a session of its own, so that ending it ends what it started. Throws `UnreachableError`. */
export function childChannel({program, args, reason}: ChannelProgram): Promise<Channel> {
	const child = spawn(program, args, {detached: true, stdio: ['pipe', 'pipe', 'pipe']});
	const {stdin, stdout, stderr} = child;
	const closed = new Promise<string>((resolve) => {
		child.once('close', (status, signal) =>
			resolve(reason?.(status, signal) ?? (signal ? `${program} was ended by ${signal}` : '')),
		);
	});
	const destroy = () => {
		try {
			if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
		} catch {
			// It ended by itself meanwhile, or runs as another user: its streams are closed in any case.
		}
		for (const stream of [stdin, stdout, stderr]) stream.destroy();
	};
	return new Promise((resolve, reject) => {
		child.once('spawn', () => resolve({stdin, stdout, stderr, closed, destroy}));
		child.once('error', (error) => reject(new UnreachableError(`cannot run ${program}: ${error.message}`, error)));
	});
}
