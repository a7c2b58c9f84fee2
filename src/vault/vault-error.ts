/**
 * Why vault text stays closed. `no-secret`: no password was given, or none of them fits; `damaged`: the text is no vault text or was changed;
 * `source`: a password could not be had (file, script or prompt). The message is Ansible's where it has one.
 */
export class VaultError extends Error {
	readonly kind: 'no-secret' | 'damaged' | 'source';
	constructor(kind: VaultError['kind'], message: string) {
		super(message);
		this.name = 'VaultError';
		this.kind = kind;
	}
}
