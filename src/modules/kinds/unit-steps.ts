import {type Response, type Script, sh} from '../../connection/connection.js';
import {type Change, ModuleFailure, type Step} from '../contract.js';
import type {UnitAddress, UnitManager, UnitState} from './unit.js';
import {controlProcess} from './unit-process.js';

type Verb = 'start' | 'stop' | 'restart' | 'reload' | 'enable' | 'disable' | 'mask' | 'unmask';

/** What else a caller may want of the service manager. */
export interface UnitOptions {
	readonly noBlock?: boolean;
	readonly force?: boolean;
	/** Of OpenRC and sysvinit. */
	readonly runlevel?: string;
	/** Words given to an init script. */
	readonly arguments?: string;
	/** Seconds between stopping and starting. */
	readonly sleep?: number;
}

/** What leads a unit from one state to another, by its own manager. */
export function unitSteps(
	address: UnitAddress,
	{before, after, impulses}: Change<{unit: UnitState}>,
	options: UnitOptions = {},
): Step[] {
	const manager = before.unit.manager ?? 'systemd';
	const verbs: Verb[] = [];
	if (after.unit.masked !== undefined && after.unit.masked !== before.unit.masked)
		verbs.push(after.unit.masked ? 'mask' : 'unmask');
	if (after.unit.enabled !== undefined && after.unit.enabled !== before.unit.enabled)
		verbs.push(after.unit.enabled ? 'enable' : 'disable');
	if (after.unit.active !== undefined && after.unit.active !== before.unit.active)
		verbs.push(after.unit.active === 'yes' ? 'start' : 'stop');
	else if (impulses.includes('restarted')) verbs.push('restart');
	else if (impulses.includes('reloaded')) verbs.push('reload');
	return verbs.map((verb) => unitStep(manager, verb, address, options));
}

function unitStep(
	manager: UnitManager,
	verb: Verb,
	{name, scope = 'system', directory = ''}: UnitAddress,
	options: UnitOptions,
): Step {
	const {noBlock = false, force = false, runlevel = 'default', sleep = 0} = options;
	const controls: Record<UnitManager, {script: Script; args: string[]}> = {
		systemd: {script: controlSystemd, args: [verb, name, scope, noBlock ? 'yes' : '', force ? 'yes' : '']},
		openrc: {script: controlOpenrc, args: [verb, name, runlevel]},
		sysvinit: {script: controlSysvinit, args: [verb, name, options.arguments ?? '', String(sleep)]},
		process: {script: controlProcess, args: [verb, directory, name]},
		none: {script: controlSysvinit, args: [verb, name, options.arguments ?? '', String(sleep)]},
	};
	return {...controls[manager], parse: (response) => outcome(verb, name, response)};
}

/** A failure in the words of Ansible's systemd module. */
function outcome(verb: Verb, name: string, {status, stdout, stderr}: Response): string {
	const out = stdout.toString();
	const error = stderr.toString();
	if (status === 0) return out;
	if (verb === 'enable' || verb === 'disable') throw new ModuleFailure(`Unable to ${verb} service ${name}: ${out}${error}`);
	if (verb === 'mask' || verb === 'unmask') throw new ModuleFailure(`Failed to ${verb} the service (${name}): ${error.trim()}`);
	throw new ModuleFailure(`Unable to ${verb} service ${name}: ${error || out}`);
}

const controlSystemd = sh`
	# prints what systemctl prints; arguments: verb, unit, scope, "yes" for --no-block, "yes" for --force
	LC_ALL=C; export LC_ALL
	if [ -z "$XDG_RUNTIME_DIR" ]; then XDG_RUNTIME_DIR="/run/user/$(id -u)"; export XDG_RUNTIME_DIR; fi
	verb=$1 unit=$2 scope=$3 no_block=$4 force=$5
	set -- "--$scope"
	[ -z "$no_block" ] || set -- "$@" --no-block
	[ -z "$force" ] || set -- "$@" --force
	systemctl "$@" "$verb" -- "$unit"
`;

/** Asks systemd to read its unit files again (`daemon-reload`) or to start itself anew (`daemon-reexec`). */
export const reloadSystemd = sh`
	# prints what systemctl prints, after "offline" on a line where no systemd runs; arguments: verb, scope
	LC_ALL=C; export LC_ALL
	if [ -z "$XDG_RUNTIME_DIR" ]; then XDG_RUNTIME_DIR="/run/user/$(id -u)"; export XDG_RUNTIME_DIR; fi
	command -v systemctl >/dev/null 2>&1 || { echo offline; exit 0; }
	[ -d /run/systemd/system ] || echo offline
	systemctl "--$2" "$1"
`;

const controlOpenrc = sh`
	# prints what rc-service and rc-update print; arguments: verb, service, runlevel
	LC_ALL=C; export LC_ALL
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
	case $1 in
	enable) rc-update add "$2" "$3" ;;
	disable) rc-update del "$2" "$3" ;;
	mask|unmask) echo 'OpenRC cannot mask services' >&2; exit 1 ;;
	*) rc-service "$2" "$1" </dev/null ;;
	esac
`;

const controlSysvinit = sh`
	# prints what the init script and its tools print; arguments: verb, service, further words for the script, seconds between stop and start
	LC_ALL=C; export LC_ALL
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
	has() { command -v "$1" >/dev/null 2>&1; }
	verb=$1 name=$2 words=$3 pause=$4
	# shellcheck disable=SC2086 # the words are meant as words
	run() { if has service; then service "$name" "$1" $words; else "/etc/init.d/$name" "$1" $words; fi </dev/null; }
	case $verb in
	enable)
		if has update-rc.d; then update-rc.d "$name" defaults && update-rc.d "$name" enable
		elif has insserv; then insserv "$name"
		elif has chkconfig; then { chkconfig --add "$name" 2>/dev/null || :; } && chkconfig "$name" on
		else echo 'none of update-rc.d, insserv, chkconfig is here' >&2; exit 1
		fi ;;
	disable)
		if has update-rc.d; then update-rc.d "$name" disable
		elif has insserv; then insserv -r "$name"
		elif has chkconfig; then chkconfig "$name" off
		else echo 'none of update-rc.d, insserv, chkconfig is here' >&2; exit 1
		fi ;;
	mask|unmask) echo 'init scripts cannot be masked' >&2; exit 1 ;;
	restart)
		if [ "$pause" -gt 0 ]; then run stop; sleep "$pause"; run start; else run restart; fi ;;
	*) run "$verb" ;;
	esac
`;
