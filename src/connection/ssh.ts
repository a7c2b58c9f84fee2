import type {Transport} from './channel.js';
import {type ConnectionSettings, type Target, UnreachableError} from './contract.js';
import {NeedsOpenssh} from './needs-openssh.js';

/**
 * Connects by ssh: with a library within this process, or with the system's `ssh` where that was asked for or where the configuration, a key or
 * the host needs it. Throws `UnreachableError` in OpenSSH's words, as Ansible shows them.
 */
export async function sshTransport(target: Target, settings: ConnectionSettings, shell: string): Promise<Transport> {
	const openssh = async () => (await import('./openssh.js')).opensshTransport(target, settings, shell);
	if (target.sshClient === 'openssh' || (target.program !== undefined && target.sshClient === undefined)) return openssh();
	const {libraryTransport} = await import('./ssh-library.js');
	try {
		return await libraryTransport(target, settings, shell);
	} catch (error) {
		if (!(error instanceof NeedsOpenssh) || target.sshClient === 'library') throw prefixed(error as Error);
		settings.log?.(`<${target.name}> the system's ssh is used: ${error.need}`, 1);
		return openssh().catch((failure: Error) => {
			throw new UnreachableError(`${failure.message} (the system's ssh was used: ${error.need})`, failure);
		});
	}
}

function prefixed(error: Error): UnreachableError {
	return new UnreachableError(`Failed to connect to the host via ssh: ${error.message}`, error);
}
