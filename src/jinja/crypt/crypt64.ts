const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Bytes in crypt's own base 64: each group (of byte offsets, the highest first) in as many characters as it needs, the lowest bits first. */
export function encodeGroups(bytes: Uint8Array, groups: readonly (readonly number[])[]): string {
	let text = '';
	for (const group of groups) {
		let value = group.reduce((sum, offset) => sum * 256 + bytes[offset]!, 0);
		for (let count = Math.ceil((group.length * 8) / 6); count > 0; count--) {
			text += alphabet[value & 63];
			value >>>= 6;
		}
	}
	return text;
}
