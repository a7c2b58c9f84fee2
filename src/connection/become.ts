import {randomBytes} from 'node:crypto';
import type {Channel} from './channel.js';
import {type Become, BecomeError, UnreachableError} from './contract.js';
import {quote, splitWords} from './quote.js';

/**
 * Turns the fresh shell of a channel into a shell of another user, by sudo, su or doas. The password is written only when it is asked for,
 * and to stdin. Throws `BecomeError` in Ansible's sentences (plugins/become, `get_option('prompt')` and `check_*_password`), `UnreachableError` when the connection ends.
 */
export function becomeOther(channel: Channel, become: Become, shell: string, timeout: number): Promise<void> {
	const success = `pb${randomBytes(8).toString('hex')}`;
	const prompt = `[${become.method} by playbill, ${randomBytes(8).toString('hex')}] password:`;
	const {method, password} = become;
	let out = '';
	let err = '';
	let answered = false;
	let silence: NodeJS.Timeout | undefined;

	return new Promise((resolve, reject) => {
		const timer = setTimeout(
			() => fail(new BecomeError(`Timeout (${timeout / 1000}s) waiting for privilege escalation prompt: ${said()}`)),
			timeout,
		);
		const onOut = (chunk: Buffer) => {
			out = (out + chunk.toString('utf8')).slice(-KEPT);
			if (!out.includes(`${success}\n`)) return look();
			detach();
			resolve();
		};
		const onErr = (chunk: Buffer) => {
			err = (err + chunk.toString('utf8')).slice(-KEPT);
			look();
		};
		function look(): void {
			clearTimeout(silence);
			if (method === 'sudo' && err.includes(prompt)) asked();
			// Other programs ask in the host's language. What ends with a colon and goes on is a message in pieces.
			else if (method !== 'sudo' && (/[:：] ?$/.test(err) || /[:：] ?$/.test(out))) silence = setTimeout(asked, SILENCE);
		}
		function asked(): void {
			if (password === undefined) fail(new BecomeError(`Missing ${method} password`));
			else if (answered) fail(new BecomeError(`Incorrect ${method} password`));
			else {
				answered = true;
				out = err = '';
				channel.stdin.write(`${password}\n`);
			}
		}
		function detach(): void {
			clearTimeout(timer);
			clearTimeout(silence);
			channel.stdout.off('data', onOut);
			channel.stderr.off('data', onErr);
		}
		function fail(error: Error): void {
			detach();
			channel.destroy();
			reject(error);
		}
		function said(): string {
			return [err, out]
				.map((text) => text.replaceAll(prompt, '').trim())
				.filter(Boolean)
				.join('\n');
		}
		channel.stdout.on('data', onOut);
		channel.stderr.on('data', onErr);
		channel.stdin.on('error', () => {});
		void channel.closed.then((reason) => {
			if (reason) fail(new UnreachableError(reason));
			else fail(new BecomeError(explain(become, answered, said())));
		});
		channel.stdin.write(`exec ${commandOf(become, shell, prompt, success)}\n`);
	});
}

/** How much of what the program says is kept for the message. */
const KEPT = 4096;

/** How long nothing more comes after a question, in milliseconds. */
const SILENCE = 200;

/** The line that replaces the fresh shell. It says that it succeeded before it becomes the shell that is kept. */
function commandOf(become: Become, shell: string, prompt: string, success: string): string {
	const {method, user, password} = become;
	const then = `echo ${success}; exec ${quote(shell)}`;
	const command = [quote(shell), '-c', quote(then)].join(' ');
	const program = quote(become.exe ?? method);
	const flags = splitWords(become.flags ?? (method === 'sudo' ? '-H' : ''));
	const words = (list: readonly string[]) => list.map(quote).join(' ');
	switch (method) {
		case 'sudo': {
			const own = flags.filter((flag) => flag !== '-n' && flag !== '-S');
			const asking = password === undefined ? ['-n'] : ['-S', '-p', prompt];
			return `${program} ${words([...own, ...asking, '-u', user])} ${command}`;
		}
		case 'su':
			return `${program} ${words([...flags, user, '-c', command])}`;
		case 'doas':
			return `${program} ${words([...flags.filter((flag) => flag !== '-n'), '-n', '-u', user])} ${command}`;
	}
}

function explain({method, user, password}: Become, answered: boolean, said: string): string {
	if (method === 'doas' && password !== undefined && /auth|password|tty/i.test(said)) {
		return 'doas asks for its password on a terminal only, which is not offered: permit the user with nopass, or use sudo or su';
	}
	if (/a password is required|authorization required/i.test(said)) return `Missing ${method} password`;
	if (answered && !/not allowed|not in the sudoers|may not run/i.test(said)) return `Incorrect ${method} password`;
	return `could not become ${user} by ${method}: ${said || 'it ended without a word'}`;
}
