import {type ChildProcess, spawn} from 'node:child_process';

/** Ends the process groups that it was told of (`+ PID`) and that have not ended (`- PID`), when nobody is left to tell it more. */
const GUARD = `groups=' '
while read -r sign pid; do
	case $sign in
	+) groups="$groups$pid ";;
	-) groups="\${groups%% $pid *} \${groups#* $pid }";;
	esac
done
for pid in $groups; do kill -TERM "-$pid"; done`;

let guard: ChildProcess | undefined;

/** Has a child, which leads a process group of its own, end with this process, however that ends. */
export function guardGroup(child: ChildProcess): void {
	guard ??= startGuard();
	guard.stdin!.write(`+ ${child.pid}\n`);
	child.once('close', () => guard!.stdin!.write(`- ${child.pid}\n`));
}

function startGuard(): ChildProcess {
	// In a group of its own too: what ends this one in a terminal must not end it.
	const started = spawn('sh', ['-c', GUARD], {detached: true, stdio: ['pipe', 'ignore', 'ignore']});
	started.on('error', () => {});
	started.stdin.on('error', () => {});
	started.unref();
	(started.stdin as unknown as {unref(): void}).unref();
	return started;
}
