import {randomBytes} from 'node:crypto';
import {commandOf, explain, onTerminal} from './become-command.js';
import type {Channel} from './channel.js';
import {type Become, BecomeError, UnreachableError} from './contract.js';

/**
 * Turns the fresh shell of a channel into a shell of another user, by sudo, su or doas. The password is written only when it is asked for,
 * and to stdin. `terminal`: the program is given one to ask on, as doas and some hosts' sudo and su demand; the shell that it starts has none.
 * Throws `BecomeError` in Ansible's sentences (plugins/become, `get_option('prompt')` and `check_*_password`), `NeedsTerminal`,
 * `UnreachableError` when the connection ends.
 */
export function becomeOther(channel: Channel, become: Become, shell: string, timeout: number, terminal: boolean): Promise<void> {
	const [success, quiet, over] = ['s', 'q', 'o'].map((letter) => `pb${letter}${randomBytes(8).toString('hex')}`) as [
		string,
		string,
		string,
	];
	const prompt = `[${become.method} by playbill, ${randomBytes(8).toString('hex')}] password:`;
	const {method, password} = become;
	let out = '';
	let err = '';
	let answered = false;
	let succeeded = false;
	let silence: NodeJS.Timeout | undefined;

	return new Promise((resolve, reject) => {
		const timer = setTimeout(
			() => fail(new BecomeError(`Timeout (${timeout / 1000}s) waiting for privilege escalation prompt: ${said()}`)),
			timeout,
		);
		const onOut = (chunk: Buffer) => {
			out = (out + chunk.toString('utf8')).slice(-KEPT);
			if (succeeded) {
				// By then all that the terminal had to say has come, which must not be taken for a script's output.
				if (out.includes(quiet)) done();
			} else if (!out.includes(`${success}\n`)) look();
			else if (!terminal) done();
			else {
				succeeded = true;
				clearTimeout(silence);
				channel.stdin.write(answered ? 'go\n' : '\ngo\n');
			}
		};
		const onErr = (chunk: Buffer) => {
			err = (err + chunk.toString('utf8')).slice(-KEPT);
			look();
		};
		function look(): void {
			clearTimeout(silence);
			if (terminal && out.includes(over)) fail(new BecomeError(explain(become, answered, said())));
			else if (method === 'sudo' && (err.includes(prompt) || out.includes(prompt))) asked();
			// Other programs ask in the host's language, and so does sudo where PAM words the question. What ends with a colon and goes on is a message in pieces.
			else if (/[:：] ?$/.test(err) || /[:：] ?$/.test(out)) silence = setTimeout(asked, SILENCE);
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
		function done(): void {
			detach();
			resolve();
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
				.map((text) => text.replaceAll(prompt, '').replaceAll(over, '').trim())
				.filter(Boolean)
				.join('\n');
		}
		channel.stdout.on('data', onOut);
		channel.stderr.on('data', onErr);
		channel.stdin.on('error', () => {});
		void channel.closed.then((reason) => {
			if (reason) fail(new UnreachableError(reason));
			else if (!terminal && demandsTerminal.test(said())) fail(new NeedsTerminal());
			else fail(new BecomeError(explain(become, answered, said())));
		});
		const command = commandOf(become, shell, prompt, success, terminal ? quiet : undefined);
		channel.stdin.write(terminal ? onTerminal(command, over) : `${command}\n`);
	});
}

/** The program asks on a terminal only. */
export class NeedsTerminal extends Error {}

const demandsTerminal =
	/must be run from a terminal|standard in must be a tty|you must have a tty|a terminal is required|a tty is required/i;

/** How much of what the program says is kept for the message. */
const KEPT = 4096;

/** How long nothing more comes after a question, in milliseconds. */
const SILENCE = 200;
