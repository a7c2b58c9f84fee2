import {connect} from 'node:net';

/** A public key that an ssh agent holds. */
export interface AgentEntry {
	/** As on the wire. */
	readonly blob: Buffer;
	readonly comment: string;
}

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
/** More than this is no answer of an agent. */
const MOST_BYTES = 1 << 20;

/** Asks an ssh agent for its keys, of whatever sort (the protocol of draft-ietf-sshm-ssh-agent). Rejects when it does not answer so. */
export function agentListing(socket: string): Promise<readonly AgentEntry[]> {
	return new Promise((resolve, reject) => {
		let bytes = Buffer.alloc(0);
		const stream = connect(socket, () => stream.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES])));
		stream.on('data', (chunk: Buffer) => {
			bytes = Buffer.concat([bytes, chunk]);
			if (bytes.length < 4 || (bytes.length < 4 + bytes.readUInt32BE(0) && bytes.length < MOST_BYTES)) return;
			stream.destroy();
			try {
				resolve(entriesIn(bytes));
			} catch (error) {
				reject(error as Error);
			}
		});
		stream.on('error', reject);
		stream.on('close', () => reject(new Error('it closed without an answer')));
	});
}

function entriesIn(bytes: Buffer): readonly AgentEntry[] {
	if (bytes[4] !== IDENTITIES_ANSWER) throw new Error('it refused to list its keys');
	let at = 9;
	const text = () => {
		const end = at + 4 + bytes.readUInt32BE(at);
		const part = bytes.subarray(at + 4, end);
		at = end;
		return part;
	};
	return Array.from({length: bytes.readUInt32BE(5)}, () => ({blob: text(), comment: text().toString()}));
}
