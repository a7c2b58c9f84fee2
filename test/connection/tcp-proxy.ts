import {connect, createServer, type Socket} from 'node:net';

/** A stretch of the way to a server that can break. */
export interface TcpProxy {
	readonly port: number;
	/** Breaks all connections that stand. */
	cut(): void;
	/**
	 * Carries nothing any more over the connections that stand, and tells neither side: the server's side of them stays open, whatever the client does. What the
	 * client says is held back until `deliver`, as a network that comes back delivers what was sent again and again.
	 */
	hush(): void;
	deliver(): void;
	/** How many connections have been made. */
	readonly connections: number;
	close(): void;
}

/** One connection's way; `held` is what the client said since nothing is carried any more. */
interface Network {
	held?: [piece: Buffer, far: Socket][];
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
	const standing = new Set<Network>();
	let connections = 0;
	const server = createServer((client) => {
		connections++;
		const far = connect(to, '127.0.0.1');
		const network: Network = {};
		standing.add(network);
		const end = () => {
			if (network.held) return;
			standing.delete(network);
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
						if (network.held && way === 'out') network.held.push([piece, far]);
						else if (!network.held && !onward.destroyed) onward.write(piece);
						if (pieceSize < bytes.length) await new Promise((resolve) => setImmediate(resolve));
					}
				});
			});
			from.on('end', () => {
				before = before.then(() => {
					if (!network.held) onward.end();
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
		hush() {
			for (const network of standing) network.held ??= [];
		},
		deliver() {
			for (const {held = []} of standing) for (const [piece, far] of held.splice(0)) far.write(piece);
		},
		get connections() {
			return connections;
		},
		close() {
			cut();
			server.close();
		},
	};
}
