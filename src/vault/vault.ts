/** What this room offers: opening and closing vault text, and the passwords for it. */
export {type OpenedVault, openEnvelope, sealVault} from './cipher.js';
export {isVaultText, type VaultEnvelope} from './envelope.js';
export {isClientScript, readPasswordFile} from './password-file.js';
export {openVault, openVaultBytes, parseVaultId, VaultSecrets, type VaultSource} from './secrets.js';
export {VaultError} from './vault-error.js';
