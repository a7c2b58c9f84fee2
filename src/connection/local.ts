import {connect} from 'node:net';
import type {Transport} from './channel.js';
import {childChannel} from './child-channel.js';
import {childTransport} from './child-transport.js';
import {UnreachableError} from './contract.js';

/** This machine: each channel is a child process. */
export function localTransport(shell: string): Transport {
	return childTransport({
		losable: false,
		open: () => childChannel({program: shell, args: []}),
		dial: (host, port) =>
			new Promise((resolve, reject) => {
				const socket = connect({host, port}, () => resolve(socket));
				socket.once('error', (error) =>
					reject(new UnreachableError(`cannot connect to ${host} port ${port}: ${error.message}`, error)),
				);
			}),
	});
}
