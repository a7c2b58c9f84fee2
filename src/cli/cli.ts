import {UsageError} from './usage-error.js';

/*
 * What only a run needs is loaded by a run: `--version` and `--help` are asked by scripts and completions again and again.
 */

const commands = ['run', 'check'] as const;

const usage = `usage: playbill run [options] PLAYBOOK...
       playbill check [options] PLAYBOOK...     what would change, with diffs; changes nothing
       playbill --version | --help

  -i, --inventory FILE|HOST,    hosts and groups (again for more)
  -l, --limit PATTERN           only these hosts
  -t, --tags TAGS               only tasks with these tags; --skip-tags TAGS for all but these
  -C, --check                   foretell, change nothing;  -D, --diff  show what differs
  -e, --extra-vars VARS         name=value, JSON or YAML, or @FILE
  -b, --become                  become root (--become-user, --become-method sudo|su|doas, -K asks for the password)
  -u, --user NAME               the remote user;  --private-key FILE, -k asks for the password
  -f, --forks N                 hosts at once
  --vault-password-file FILE, --vault-id ID@FILE, -J
  --list-hosts, --list-tasks, --list-tags, --syntax-check, --start-at-task NAME, --step
  --json                        an event a line;  -v … -vvvv  more details
`;

/** The program: reads the command line and sets the exit status. Called as `ansible-playbook` (a link) it is `playbill run`. */
export async function main(): Promise<void> {
	// A reader that goes away (`| head`) ends the output, not the run with a stack trace.
	process.stdout.on('error', ignoreClosedPipe);
	process.stderr.on('error', ignoreClosedPipe);
	const program = process.argv[1] ?? '';
	try {
		process.exitCode = await dispatch(process.argv.slice(2), program);
	} catch (error) {
		if (error instanceof UsageError) {
			process.stderr.write(await usageFault(error, isAnsible(program)));
			process.exitCode = 2;
		} else {
			process.stderr.write(
				`playbill: an error in Playbill itself, which its authors would like to know of:\n${fullText(error)}\n`,
			);
			process.exitCode = 250;
		}
	}
}

/** The command line's fault in our form, or as argparse tells it. */
async function usageFault({message, suggestion}: UsageError, asAnsible: boolean): Promise<string> {
	if (asAnsible) return `usage: ansible-playbook [options] playbook [playbook ...]\n\nansible-playbook: error: ${message}\n`;
	const {renderDiagnostic} = await import('../source/source.js');
	const diagnostic = {
		severity: 'error',
		code: 'cli/usage',
		message,
		labels: [],
		...(suggestion ? {notes: [suggestion]} : {}),
		help: '`playbill --help` lists commands and options',
	} as const;
	return `${renderDiagnostic(diagnostic, {color: false})}\n`;
}

function fullText(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isAnsible(program: string): boolean {
	return /(^|\/)ansible-playbook$/.test(program);
}

async function dispatch(argv: readonly string[], program: string): Promise<number> {
	const asAnsible = isAnsible(program);
	const [first, ...rest] = argv;
	if (argv.includes('--version') || first === 'version') return say(await version(asAnsible));
	if (asAnsible ? asksForHelp(argv) : first === undefined || first === 'help' || asksForHelp([first])) return say(usage);
	if (asAnsible) return runPlaybooks(argv, 'ansible-playbook');
	const command = commands.find((name) => name === first);
	if (!command) throw await unknownCommand(first!);
	return asksForHelp(rest) ? say(usage) : runPlaybooks(rest, command);
}

function asksForHelp(argv: readonly string[]): boolean {
	return argv.includes('-h') || argv.includes('--help');
}

async function unknownCommand(name: string): Promise<UsageError> {
	const {didYouMean} = await import('../source/source.js');
	return new UsageError(
		`there is no command \`${name}\`; the commands are ${commands.join(', ')}`,
		/\.ya?ml$/.test(name) ? `did you mean \`playbill run ${name}\`?` : didYouMean(name, commands),
	);
}

async function runPlaybooks(argv: readonly string[], manner: 'run' | 'check' | 'ansible-playbook'): Promise<number> {
	const {runCommand} = await import('./run.js');
	return runCommand(argv, manner);
}

async function version(asAnsible: boolean): Promise<string> {
	const {readFileSync} = await import('node:fs');
	const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {version: string};
	return asAnsible ? `ansible-playbook [core 2.21.5] (playbill ${own.version})\n` : `playbill ${own.version}\n`;
}

function say(text: string): number {
	process.stdout.write(text);
	return 0;
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
	if (error.code !== 'EPIPE') throw error;
	process.exitCode = 0;
}
