import type {Duplex, Readable, Writable} from 'node:stream';

/** The byte stream to one `sh`: what every transport makes and every framed shell speaks over. */
export interface Channel {
	readonly stdin: Writable;
	readonly stdout: Readable;
	readonly stderr: Readable;
	/** Resolves when the far end has gone, with the reason in words when there is one; never rejects. */
	readonly closed: Promise<string>;
	/** Ends it at once, with whatever runs in it as far as the transport can. */
	destroy(): void;
}

/** What carries channels to one host. Lost once and for all when `lost` resolves; then another must be made. */
export interface Transport {
	/** Opens a byte stream to the target's `sh`. Throws `UnreachableError`. */
	open(): Promise<Channel>;
	/** A TCP stream from the host's network position. Throws `UnreachableError`. */
	dial(host: string, port: number): Promise<Duplex>;
	close(): Promise<void>;
	/** Whether nothing can be opened through it any more. */
	readonly dead: boolean;
	/** Whether its channels can be lost while the host lives on. */
	readonly losable: boolean;
}
