import {createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual} from 'node:crypto';
import {formatEnvelope, isVaultText, type VaultEnvelope} from './envelope.js';
import {VaultError} from './vault-error.js';

/** What was in a vault, and the id of the password that opened it. */
export interface OpenedVault {
	readonly bytes: Buffer;
	readonly id: string;
}

/** Opens an envelope with one password; undefined when the password is another one (or the text was changed). */
export function openEnvelope({salt, hmac, ciphertext}: VaultEnvelope, password: Uint8Array): Buffer | undefined {
	const {cipherKey, hmacKey, iv} = derive(password, salt);
	const computed = createHmac('sha256', hmacKey).update(ciphertext).digest();
	if (hmac.length !== computed.length || !timingSafeEqual(hmac, computed)) return undefined;
	const decipher = createDecipheriv('aes-256-ctr', cipherKey, iv);
	const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
	const padding = padded.at(-1) ?? 0;
	if (padding < 1 || padding > 16 || padding > padded.length) throw new VaultError('damaged', 'Vault padding is wrong.');
	return padded.subarray(0, padded.length - padding);
}

/** Encrypts bytes with a password into vault text, format 1.2 when there is an id beside `default`, else 1.1. Throws `VaultError`. */
export function sealVault(
	plain: Uint8Array | string,
	password: Uint8Array | string,
	id = 'default',
	salt: Buffer = randomBytes(32),
): string {
	const bytes = Buffer.from(plain);
	if (isVaultText(bytes.toString('latin1', 0, 32))) throw new VaultError('damaged', 'input is already encrypted');
	const {cipherKey, hmacKey, iv} = derive(Buffer.from(password), salt);
	const padding = 16 - (bytes.length % 16);
	const cipher = createCipheriv('aes-256-ctr', cipherKey, iv);
	const ciphertext = Buffer.concat([cipher.update(bytes), cipher.update(Buffer.alloc(padding, padding)), cipher.final()]);
	return formatEnvelope({id, salt, hmac: createHmac('sha256', hmacKey).update(ciphertext).digest(), ciphertext});
}

/** The keys of a password: PBKDF2 with SHA-256, 10,000 rounds, 80 bytes, as in Ansible's `VaultAES256`. */
function derive(password: Uint8Array, salt: Buffer): {cipherKey: Buffer; hmacKey: Buffer; iv: Buffer} {
	const derived = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
	return {cipherKey: derived.subarray(0, 32), hmacKey: derived.subarray(32, 64), iv: derived.subarray(64, 80)};
}
