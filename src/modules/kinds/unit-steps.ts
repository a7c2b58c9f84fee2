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
	return verbs.length > 0 ? [unitStep(manager, verbs, address, options)] : [];
}

/** All of it in one script, which prints `@VERB` before each. */
function unitStep(
	manager: UnitManager,
	verbs: readonly Verb[],
	{name, scope = 'system', directory = ''}: UnitAddress,
	options: UnitOptions,
): Step {
	const {noBlock = false, force = false, runlevel = 'default', sleep = 0} = options;
	const byInit = {script: controlSysvinit, args: [name, options.arguments ?? '', String(sleep), ...verbs]};
	const controls: Record<UnitManager, {script: Script; args: string[]}> = {
		systemd: {script: controlSystemd, args: [name, scope, noBlock ? 'yes' : '', force ? 'yes' : '', ...verbs]},
		openrc: {script: controlOpenrc, args: [name, runlevel, ...verbs]},
		sysvinit: byInit,
		process: {script: controlProcess, args: [directory, name, ...verbs]},
		none: byInit,
	};
	return {...controls[manager], parse: (response) => outcome(name, response)};
}

/** A failure in the words of Ansible's systemd module. */
function outcome(name: string, {status, stdout, stderr}: Response): string {
	const parts = stdout.toString().split(/^@/m);
	if (status === 0) return parts.join('');
	const [, verb = 'control', out = ''] = /^(\w+)\n(.*)$/s.exec(parts.at(-1)!) ?? [];
	const error = stderr.toString();
	if (verb === 'enable' || verb === 'disable') throw new ModuleFailure(`Unable to ${verb} service ${name}: ${out}${error}`);
	if (verb === 'mask' || verb === 'unmask') throw new ModuleFailure(`Failed to ${verb} the service (${name}): ${error.trim()}`);
	throw new ModuleFailure(`Unable to ${verb} service ${name}: ${error || out}`);
}

const controlSystemd = sh`
	# prints "@VERB" and what systemctl prints, for each verb; arguments: unit, scope, "yes" for --no-block, "yes" for --force, verbs
	LC_ALL=C; export LC_ALL
	if [ -z "$XDG_RUNTIME_DIR" ]; then XDG_RUNTIME_DIR="/run/user/$(id -u)"; export XDG_RUNTIME_DIR; fi
	unit=$1 scope=$2 no_block=$3 force=$4
	shift 4
	for verb do
		echo "@$verb"
		set -- "--$scope"
		[ -z "$no_block" ] || set -- "$@" --no-block
		[ -z "$force" ] || set -- "$@" --force
		systemctl "$@" "$verb" -- "$unit" || exit
	done
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
	# prints "@VERB" and what rc-service and rc-update print, for each verb; arguments: service, runlevel, verbs
	LC_ALL=C; export LC_ALL
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
	name=$1 level=$2
	shift 2
	for verb do
		echo "@$verb"
		case $verb in
		enable) rc-update add "$name" "$level" ;;
		disable) rc-update del "$name" "$level" ;;
		mask|unmask) echo 'OpenRC cannot mask services' >&2; exit 1 ;;
		*) rc-service "$name" "$verb" </dev/null ;;
		esac || exit
	done
`;

const controlSysvinit = sh`
	# prints "@VERB" and what the init script and its tools print, for each verb; arguments: service, further words for the script, seconds between stop and start, verbs
	LC_ALL=C; export LC_ALL
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
	has() { command -v "$1" >/dev/null 2>&1; }
	name=$1 words=$2 pause=$3
	shift 3
	# shellcheck disable=SC2086 # the words are meant as words
	run() { if has service; then service "$name" "$1" $words; else "/etc/init.d/$name" "$1" $words; fi </dev/null; }
	for verb do
		echo "@$verb"
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
		esac || exit
	done
`;
