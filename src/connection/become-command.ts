import type {Become} from './contract.js';
import {quote, splitWords} from './quote.js';

/**
 * The line that replaces the fresh shell. It says that it succeeded before it becomes the shell that is kept. `quiet`: what it says on its terminal,
 * if it has one, when nothing more will be said there.
 */
export function commandOf(become: Become, shell: string, prompt: string, success: string, quiet: string | undefined): string {
	const {method, user, password} = become;
	const wait = quiet ? `while IFS= read -r line && [ "$line" != go ]; do :; done </dev/tty; echo ${quiet} >/dev/tty; ` : '';
	const then = `echo ${success}; ${wait}exec ${quote(shell)}`;
	const command = [quote(shell), '-c', quote(then)].join(' ');
	const exec = (text: string) => `exec ${text}`;
	// As in Ansible it may be a whole command that the rest is put behind (`sudo su -`).
	const program = splitWords(become.exe ?? method);
	const flags = splitWords(become.flags ?? (method === 'sudo' ? '-H' : ''));
	const words = (list: readonly string[]) => [...program, ...list].map(quote).join(' ');
	switch (method) {
		case 'sudo': {
			// Whether it asks, and where, is decided here.
			const own = flags
				.map((flag) => (/^-[A-Zabehiknsv]+$/.test(flag) ? flag.replace(/[nS]/g, '') : flag))
				.filter((flag) => flag !== '-');
			const asking = password === undefined ? ['-n'] : [...(quiet ? [] : ['-S']), '-p', prompt];
			// What it says in English can be understood here; the shell gets its language back.
			const speaking = quote(`if [ -n "$1" ]; then LC_ALL=$1; else unset LC_ALL; fi; ${then}`);
			return `pb_l=\${LC_ALL-}; LC_ALL=C; export LC_ALL; ${exec(`${words([...own, ...asking, '-u', user])} ${quote(shell)} -c ${speaking} sh "$pb_l"`)}`;
		}
		case 'su':
			return exec(words([...flags, user, '-c', command]));
		case 'doas': {
			const own = flags.filter((flag) => flag !== '-n');
			return exec(`${words([...own, ...(password === undefined ? ['-n'] : []), '-u', user])} ${command}`);
		}
	}
}

/**
 * Lines that give a command a terminal of its own to ask on, by `script`, and its shell the channel's streams. Two lines of the channel are typed there: the
 * password, or an empty one where none is asked for, and a word at which the new shell begins to read the channel, since then nobody else does.
 */
export function onTerminal(command: string, over: string): string {
	const typed = `IFS= read -r line && printf '%s\\n' "$line" && IFS= read -r line && printf '%s\\n' "$line"`;
	const asking = `stty -echo 2>/dev/null; ${command} <&3 >&4 2>&5`;
	const shown = `SHELL=/bin/sh script -qc ${quote(asking)} /dev/null; echo ${over}`;
	return `command -v script >/dev/null || { echo '${NO_SCRIPT}' >&2; exit 1; }
[ "$(command -v printf)" = printf ] || { echo '${NO_PRINTF}' >&2; exit 1; }
exec 3<&0 4>&1 5>&2; { ${typed}; } <&3 | { ${shown}; }; exit
`;
}

const NO_SCRIPT = 'it asks for the password on a terminal only, and the host has no script(1) to give it one';
const NO_PRINTF =
	'it asks for the password on a terminal only, and the shell of the host has no printf of its own to type it unseen';

/** What the end of the program means, in Ansible's sentences. */
export function explain({method, user, password}: Become, answered: boolean, said: string): string {
	if (
		/a password is required|authorization required/i.test(said) ||
		(method === 'doas' && password === undefined && /Authentication required/i.test(said))
	)
		return `Missing ${method} password`;
	if (answered && !/not allowed|not in the sudoers|may not run/i.test(said)) return `Incorrect ${method} password`;
	return `could not become ${user} by ${method}: ${said || 'it ended without a word'}`;
}
