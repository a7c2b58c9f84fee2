import {type ChildProcess, spawn} from 'node:child_process';
import {sh} from './script.js';

/** Ends the process groups that it was told of and that have not ended, when nobody is left to tell it more. */
const endGroups = sh`
	# prints nothing; stdin: "+ GROUP" and "- GROUP"
	groups=' '
	while read -r sign group; do
		case $sign in
			+) groups="$groups$group " ;;
			-) groups="\${groups%% "$group" *} \${groups#* "$group" }" ;;
		esac
	done
	for group in $groups; do kill -TERM "-$group"; done
`;

let guard: ChildProcess | undefined;

/** Has a child, which leads a process group of its own, end with this process, however that ends. */
export function guardGroup(child: ChildProcess): void {
	guard ??= startGuard();
	guard.stdin!.write(`+ ${child.pid}\n`);
	child.once('close', () => guard!.stdin!.write(`- ${child.pid}\n`));
}

function startGuard(): ChildProcess {
	// In a group of its own too: what ends this one in a terminal must not end it.
	const started = spawn('sh', ['-c', endGroups.text], {detached: true, stdio: ['pipe', 'ignore', 'ignore']});
	started.on('error', () => {});
	started.stdin.on('error', () => {});
	started.unref();
	(started.stdin as unknown as {unref(): void}).unref();
	return started;
}
