import {Secret} from '../../jinja/jinja.js';
import {type Change, ModuleFailure} from '../contract.js';
import type {GroupState, UserState} from './account.js';
import type {UserArgs} from './user-args.js';

/** The commands that lead a user from one state to the other, and what they read: hash or passphrase travel on stdin alone. */
export function userCommands(
	args: UserArgs,
	{before: {user: before}, after: {user: after}, impulses}: Change<{user: UserState}>,
	group: (name: string) => GroupState,
): {commands: string[][]; stdin: string} {
	if (before.tools === '') throw new ModuleFailure('Failed to find required executable "useradd" in paths');
	const commands = !after.exists
		? [removing(args, before)]
		: before.exists
			? changing(args, before, after)
			: making(args, before, group);
	if (!after.exists) return {commands, stdin: ''};
	const aging = agingOptions(before, after);
	if (aging.length > 0) commands.push(['chage', ...aging, args.name]);
	const lines: string[] = [];
	if (after.passwordDigest !== undefined && after.passwordDigest !== before.passwordDigest) {
		const hash = textOf(args.password ?? '').replace(/^!+(?=.)/, '');
		const lock = args.password_lock ?? textOf(args.password ?? '').startsWith('!');
		commands.push(['chpasswd', '-e']);
		lines.push(`${args.name}:${lock && hash !== '!' ? '!' : ''}${hash}`);
	} else if (before.exists && after.locked !== undefined && after.locked !== before.locked) {
		commands.push(
			before.tools === 'busybox'
				? ['passwd', after.locked ? '-l' : '-u', args.name]
				: ['usermod', after.locked ? '-L' : '-U', args.name],
		);
	}
	if (args.create_home && after.homeExists)
		commands.push(['make_home', args.name, args.skeleton ?? '/etc/skel', args.umask ?? '']);
	if (args.generate_ssh_key && (before.sshKey?.exists !== true || impulses.length > 0)) {
		const bits = args.ssh_key_bits > 0 ? ['-b', String(args.ssh_key_bits)] : [];
		commands.push([
			'make_key',
			args.name,
			args.ssh_key_file ?? `.ssh/id_${args.ssh_key_type}`,
			'-t',
			args.ssh_key_type,
			...bits,
			'-C',
			args.ssh_key_comment,
		]);
		lines.push(textOf(args.ssh_key_passphrase ?? ''));
	}
	return {commands, stdin: lines.map((line) => `${line}\n`).join('')};
}

function textOf(value: string | Secret): string {
	return value instanceof Secret ? value.text : value;
}

function removing({name, force, remove}: UserArgs, {tools}: UserState): string[] {
	if (tools === 'busybox') return ['deluser', ...(remove ? ['--remove-home'] : []), name];
	return ['userdel', ...(force ? ['-f'] : []), ...(remove ? ['-r'] : []), name];
}

function making(args: UserArgs, {tools}: UserState, group: (name: string) => GroupState): string[][] {
	const {name, home, create_home} = args;
	const names = (args.groups ?? []).map((one) => one.trim()).filter(Boolean);
	const parent = home?.replace(/\/+[^/]*\/*$/, '');
	const before = create_home && parent ? [['mkdir', '-p', parent]] : [];
	if (tools === 'busybox') return [...before, ...makingByBusybox(args, names)];
	return [
		...before,
		[
			'useradd',
			...option('-u', args.uid),
			...(args.uid !== undefined && args.non_unique ? ['-o'] : []),
			...option('-Z', args.seuser),
			...(args.group !== undefined ? ['-g', args.group] : group(name).exists ? ['-N'] : []),
			...(names.length > 0 ? ['-G', names.join(',')] : []),
			...option('-c', args.comment),
			...option('-d', home),
			...option('-s', args.shell),
			...(args.expires === undefined ? [] : ['-e', dateOf(args.expires)]),
			...option('-f', args.password_expire_account_disable),
			...(create_home
				? ['-m', ...option('-k', args.skeleton), ...(args.umask === undefined ? [] : ['-K', `UMASK=${args.umask}`])]
				: ['-M']),
			...(args.system ? ['-r'] : []),
			...(args.uid_min === undefined ? [] : ['-K', `UID_MIN=${args.uid_min}`]),
			...(args.uid_max === undefined ? [] : ['-K', `UID_MAX=${args.uid_max}`]),
			name,
		],
	];
}

function makingByBusybox(args: UserArgs, names: readonly string[]): string[][] {
	const add = [
		'adduser',
		'-D',
		...option('-u', args.uid),
		...option('-G', args.group),
		...option('-g', args.comment),
		...option('-h', args.home),
		...option('-s', args.shell),
		...(args.create_home ? option('-k', args.skeleton) : ['-H']),
		...(args.system ? ['-S'] : []),
		args.name,
	];
	return [add, ...names.map((one) => ['addgroup', args.name, one])];
}

function changing(args: UserArgs, before: UserState, after: UserState): string[][] {
	const {name} = args;
	const differs = (field: keyof UserState) => after[field] !== undefined && after[field] !== before[field];
	const groupsDiffer = after.groups !== undefined && after.groups.join() !== before.groups?.join();
	if (before.tools === 'busybox') return changingByBusybox(args, before, after, groupsDiffer);
	const words = [
		...(differs('uid') ? ['-u', String(after.uid), ...(args.non_unique ? ['-o'] : [])] : []),
		...(differs('gid') ? ['-g', String(after.gid)] : []),
		...(groupsDiffer ? ['-G', after.groups!.join(',')] : []),
		...(differs('comment') ? ['-c', after.comment!] : []),
		...(differs('home') ? ['-d', after.home!, ...(args.move_home ? ['-m'] : [])] : []),
		...(differs('shell') ? ['-s', after.shell!] : []),
		...(differs('expires') ? ['-e', after.expires! < 0 ? '' : dateOf(after.expires! * 86_400)] : []),
		...(differs('inactive') ? ['-f', String(after.inactive)] : []),
	];
	return words.length > 0 ? [['usermod', ...words, name]] : [];
}

function changingByBusybox({name}: UserArgs, before: UserState, after: UserState, groupsDiffer: boolean): string[][] {
	const fields = ['uid', 'gid', 'comment', 'home', 'shell'] as const;
	const line = [name, 'x', ...fields.map((field) => after[field] ?? before[field])].join(':');
	const there = new Set(before.groups);
	const wanted = new Set(after.groups);
	return [
		...(fields.some((field) => after[field] !== undefined && after[field] !== before[field])
			? [['replace_line', '/etc/passwd', name, line]]
			: []),
		...(groupsDiffer ? [...wanted].filter((one) => !there.has(one)).map((one) => ['addgroup', name, one]) : []),
		...(groupsDiffer ? [...there].filter((one) => !wanted.has(one)).map((one) => ['delgroup', name, one]) : []),
	];
}

/** The words of `chage`. A new user's own are set by it too. */
function agingOptions(before: UserState, after: UserState): string[] {
	const set = (letter: string, field: 'passwordMin' | 'passwordMax' | 'passwordWarn') =>
		after[field] !== undefined && after[field] !== before[field] ? [letter, String(after[field])] : [];
	return [...set('-m', 'passwordMin'), ...set('-M', 'passwordMax'), ...set('-W', 'passwordWarn')];
}

function option(letter: string, value: string | number | undefined): string[] {
	return value === undefined ? [] : [letter, String(value)];
}

/** A date as useradd takes it; nothing for never. */
function dateOf(seconds: number): string {
	return seconds < 0 ? '' : new Date(Math.floor(seconds / 86_400) * 86_400_000).toISOString().slice(0, 10);
}
