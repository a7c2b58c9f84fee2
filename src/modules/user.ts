import {Secret, Unknown} from '../jinja/jinja.js';
import {type Change, defineModule, ModuleFailure, type Read, type Result, type States, type Step} from './contract.js';
import {accountStep, type GroupState, groupRead, passwordDigest, type UserState, userRead} from './kinds/account.js';
import {looksHashed, type UserArgs, userArguments} from './kinds/user-args.js';
import {userCommands} from './kinds/user-commands.js';

export default defineModule<UserArgs, States>({
	name: 'user',
	summary: 'Make, change and remove users.',
	args: userArguments,
	rules: {requiredIf: [['append', true, ['groups']]]},
	inspect: (args) => ({
		user: ownRead(args),
		...Object.fromEntries(groupNames(args).map((name) => [`group ${name}`, groupRead(name) as Read<unknown>])),
	}),
	plan(args, before) {
		const user = before['user'] as UserState;
		const after =
			args.state === 'absent' ? {...user, exists: false} : user.exists ? changed(args, user, before) : made(args, user, before);
		const overwrite = args.generate_ssh_key === true && args.force && user.sshKey?.exists === true;
		return {
			after: {user: args.state === 'absent' && user.exists ? {exists: false, tools: user.tools} : after},
			...(overwrite && args.state === 'present' ? {impulses: ['key overwritten']} : {}),
			warnings: warningsOf(args, user),
		};
	},
	apply(args, change): Step[] {
		const {commands, stdin} = userCommands(
			args,
			change as Change<{user: UserState}>,
			(name) => change.before[`group ${name}`] as GroupState,
		);
		return [accountStep(args.name, ownRead(args), commands, stdin)];
	},
	report(args, {before, after}): Result {
		const {exists} = before['user'] as UserState;
		const user = after['user'] as UserState;
		const base = {name: args.name, state: args.state};
		if (args.state === 'absent') return exists ? {...base, force: args.force, remove: args.remove} : base;
		const open = new Unknown(`\`user\` has not made ${args.name}`);
		const key = args.generate_ssh_key ? user.sshKey : undefined;
		return {
			...base,
			...(exists ? {append: args.append, move_home: args.move_home} : {system: args.system, create_home: args.create_home}),
			...(args.password === undefined ? {} : {password: 'NOT_LOGGING_PASSWORD'}),
			uid: user.uid ?? open,
			group: user.gid ?? open,
			comment: user.comment ?? open,
			home: user.home ?? open,
			shell: user.shell ?? open,
			groups: user.supplementary?.join(',') ?? user.groups?.join(',') ?? open,
			...(key
				? {ssh_fingerprint: key.fingerprint ?? open, ssh_key_file: key.path ?? open, ssh_public_key: key.publicKey ?? open}
				: {}),
		};
	},
});

function ownRead(args: UserArgs): Read<UserState> {
	const file = args.ssh_key_file ?? `.ssh/id_${args.ssh_key_type}`;
	return userRead(args.name, {local: args.local, home: args.home, ...(args.generate_ssh_key ? {sshKey: file} : {})});
}

/** The groups that the task names, each of which must exist; for a user to be made its namesake too. */
function groupNames({name, state, group, groups = []}: UserArgs): string[] {
	if (state === 'absent') return [];
	return [...new Set([...(group === undefined ? [name] : [group]), ...groups.map((one) => one.trim()).filter(Boolean)])];
}

function groupOf(before: States, name: string): GroupState {
	const found = before[`group ${name}`] as GroupState;
	if (!found.exists) throw new ModuleFailure(`Group ${name} does not exist`);
	return found;
}

/** What the arguments say of a user, new or not. */
function wanted(args: UserArgs, before: States): Partial<UserState> {
	const {uid, group, comment, home, shell, expires} = args;
	const days = expires === undefined ? undefined : expires < 0 ? -1 : Math.floor(expires / 86_400);
	const fields: Partial<UserState> = {
		uid,
		gid: group === undefined ? undefined : groupOf(before, group).gid,
		comment,
		home,
		shell,
		expires: days,
		passwordMin: args.password_expire_min,
		passwordMax: args.password_expire_max,
		passwordWarn: args.password_expire_warn,
		inactive: args.password_expire_account_disable,
		...(args.generate_ssh_key ? {sshKey: {exists: true}} : {}),
	};
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function namesOf(args: UserArgs, before: States): string[] | undefined {
	return args.groups
		?.map((one) => one.trim())
		.filter(Boolean)
		.map((name) => groupOf(before, name).name ?? name);
}

function made(args: UserArgs, {tools}: UserState, before: States): UserState {
	const own = wanted(args, before);
	const primary = args.group === undefined ? undefined : groupOf(before, args.group).name;
	const groups = namesOf(args, before);
	return {
		exists: true,
		tools,
		comment: '',
		...own,
		// The primary group, when it is named among the others too, is not written into its own line.
		groups: groups === undefined ? [] : [...new Set(groups.filter((name) => name !== primary))].sort(),
		...(args.create_home ? {homeExists: true} : {}),
		...(args.password === undefined ? {} : {passwordDigest: passwordDigest(textOf(args.password))}),
		...(args.password_lock === undefined ? {} : {locked: args.password_lock || args.password === undefined}),
	};
}

function changed(args: UserArgs, user: UserState, before: States): UserState {
	const names = namesOf(args, before);
	const groups =
		names === undefined
			? user.groups
			: args.append
				? [...new Set([...(user.groups ?? []), ...names])].sort()
				: [...new Set(names)].sort();
	const password =
		args.password !== undefined && args.update_password === 'always'
			? passwordDigest(textOf(args.password))
			: user.passwordDigest;
	const home = args.home ?? user.home ?? '';
	const placeholder = ['/dev/null', '/nonexistent', '/var/empty'].includes(home);
	return {
		...user,
		...wanted(args, before),
		groups,
		supplementary: groups === user.groups ? user.supplementary : undefined,
		passwordDigest: password,
		locked: args.password_lock ?? (password === user.passwordDigest ? user.locked : textOf(args.password ?? '').startsWith('!')),
		homeExists: args.create_home && !placeholder ? true : undefined,
		...(user.sshKey && args.generate_ssh_key ? {sshKey: user.sshKey.exists ? user.sshKey : {exists: true}} : {}),
	};
}

function textOf(value: string | Secret): string {
	return value instanceof Secret ? value.text : value;
}

function warningsOf(args: UserArgs, user: UserState): string[] {
	const warnings: string[] = [];
	if (args.password !== undefined && !looksHashed(textOf(args.password))) {
		warnings.push(
			"The input password appears not to have been hashed. The 'password' argument must be encrypted for this module to work properly.",
		);
	}
	if (args.generate_ssh_key && args.state === 'present' && user.sshKey?.exists) {
		const file = user.sshKey.path ?? '';
		warnings.push(
			args.force
				? `Overwriting existing ssh key private file "${file}"`
				: `Found existing ssh key private file "${file}", no force, so skipping ssh-keygen generation`,
		);
	}
	return warnings;
}
