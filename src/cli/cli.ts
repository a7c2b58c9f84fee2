import {type Options, readOptions, UsageError} from './options.js';

/** What a command of the program gives back: the exit status. */
type Command = (argv: readonly string[]) => Promise<number>;

const commands: Readonly<Record<string, Command>> = {
	run: (argv) => runPlaybooks(readOptions(argv), 'run'),
	check: (argv) => runPlaybooks({...readOptions(argv), check: true, diff: true}, 'check'),
};

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
	try {
		process.exitCode = await dispatch(process.argv.slice(2), process.argv[1] ?? '');
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		process.stderr.write(`playbill: ${error.message}\n\n${usage}`);
		process.exitCode = 2;
	}
}

async function dispatch(argv: readonly string[], program: string): Promise<number> {
	const isAnsible = /(^|\/)ansible-playbook$/.test(program);
	const [first, ...rest] = argv;
	if (argv.includes('--version') || first === 'version') return say(await version(isAnsible));
	if (isAnsible)
		return argv.includes('-h') || argv.includes('--help') ? say(usage) : runPlaybooks(readOptions(argv), 'ansible-playbook');
	if (first === undefined || first === 'help' || first === '-h' || first === '--help') return say(usage);
	const command = commands[first];
	if (!command) throw new UsageError(`there is no command "${first}"; the commands are ${Object.keys(commands).join(', ')}`);
	return rest.includes('-h') || rest.includes('--help') ? say(usage) : command(rest);
}

async function runPlaybooks(options: Options, as: 'run' | 'check' | 'ansible-playbook'): Promise<number> {
	const {runCommand} = await import('./run.js');
	return runCommand(options, as);
}

async function version(isAnsible: boolean): Promise<string> {
	const {readFileSync} = await import('node:fs');
	const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {version: string};
	return isAnsible ? `ansible-playbook [core 2.21.5] (playbill ${own.version})\n` : `playbill ${own.version}\n`;
}

function say(text: string): number {
	process.stdout.write(text);
	return 0;
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
	if (error.code !== 'EPIPE') throw error;
	process.exitCode = 0;
}
