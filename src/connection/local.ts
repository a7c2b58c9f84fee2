import {spawn} from 'node:child_process';
import {connect} from 'node:net';
import type {Channel, Transport} from './channel.js';
import {UnreachableError} from './contract.js';

/** This machine: each channel is a child process that leads a session of its own, so that ending it ends what it started. */
export function localTransport(shell: string): Transport {
	const open = new Set<Channel>();
	let dead = false;
	return {
		get dead() {
			return dead;
		},
		async open() {
			const channel = await spawnShell(shell);
			open.add(channel);
			void channel.closed.then(() => open.delete(channel));
			return channel;
		},
		dial(host, port) {
			return new Promise((resolve, reject) => {
				const socket = connect({host, port}, () => resolve(socket));
				socket.once('error', (error) =>
					reject(new UnreachableError(`cannot connect to ${host} port ${port}: ${error.message}`, error)),
				);
			});
		},
		async close() {
			dead = true;
			for (const channel of open) channel.destroy();
		},
	};
}

function spawnShell(shell: string): Promise<Channel> {
	const child = spawn(shell, [], {detached: true, stdio: ['pipe', 'pipe', 'pipe']});
	const {stdin, stdout, stderr} = child;
	const closed = new Promise<string>((resolve) => {
		child.once('close', (_, signal) => resolve(signal ? `${shell} was ended by ${signal}` : ''));
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
		child.once('error', (error) => reject(new UnreachableError(`cannot run ${shell}: ${error.message}`, error)));
	});
}
