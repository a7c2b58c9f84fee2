import type {Duplex} from 'node:stream';

/** More than this is no banner. */
const MOST = 64 * 1024;

/**
 * Has a stream hand over the banner of an ssh server, and what it says before, in one piece. (ssh2 1.17 forgets the third and further pieces of it and then
 * waits forever; reading the banner before the library is told of the stream would cost a round trip.)
 */
export function withWholeBanner<T extends Duplex>(stream: T): T {
	const emit = stream.emit;
	let held = Buffer.alloc(0);
	stream.emit = ((event: string | symbol, ...args: unknown[]): boolean => {
		if (event === 'data') {
			held = Buffer.concat([held, args[0] as Buffer]);
			if (!/(^|\n)SSH-[^\n]*\n/.test(held.toString('latin1')) && held.length < MOST) return true;
			stream.emit = emit;
			return emit.call(stream, 'data', held);
		}
		return emit.call(stream, event, ...args);
	}) as T['emit'];
	return stream;
}
