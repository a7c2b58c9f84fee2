import {connect, createServer, type Socket} from 'node:net';

/** A stretch of the way to a server that can break. */
export interface TcpProxy {
	readonly port: number;
	/** Breaks all connections that stand. */
	cut(): void;
	/** How many connections have been made. */
	readonly connections: number;
	close(): void;
}

/**
 * Passes connections on to a local port. `sees` is asked before each piece that comes from the client (`out`) or from the server (`in`):
 * it may wait, and a connection is broken when it says no. `pieceSize`: the most bytes that are passed on at once. It listens on `address`.
 */
export async function startProxy(
	to: number,
	sees: (bytes: Buffer, way: 'out' | 'in') => boolean | Promise<boolean> = () => true,
	{pieceSize = Number.POSITIVE_INFINITY, address = '127.0.0.1'} = {},
): Promise<TcpProxy> {
	const sockets = new Set<Socket>();
	let connections = 0;
	const server = createServer((client) => {
		connections++;
		const far = connect(to, '127.0.0.1');
		const end = () => {
			for (const socket of [client, far]) {
				socket.destroy();
				sockets.delete(socket);
			}
		};
		for (const [from, onward, way] of [
			[client, far, 'out'],
			[far, client, 'in'],
		] as const) {
			sockets.add(from);
			from.setNoDelay(true);
			let before = Promise.resolve();
			from.on('data', (bytes: Buffer) => {
				before = before.then(async () => {
					for (let at = 0; at < bytes.length; at += pieceSize) {
						const piece = bytes.subarray(at, at + pieceSize);
						if (!(await sees(piece, way))) return end();
						if (!onward.destroyed) onward.write(piece);
						if (pieceSize < bytes.length) await new Promise((resolve) => setImmediate(resolve));
					}
				});
			});
			from.on('end', () => {
				before = before.then(() => {
					onward.end();
				});
			});
			from.on('error', end);
			from.on('close', end);
		}
	});
	await new Promise<void>((resolve) => {
		server.listen(0, address, resolve);
	});
	const cut = () => {
		for (const socket of sockets) socket.destroy();
		sockets.clear();
	};
	return {
		port: (server.address() as {port: number}).port,
		cut,
		get connections() {
			return connections;
		},
		close() {
			cut();
			server.close();
		},
	};
}
