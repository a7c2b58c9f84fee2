import {createHash} from 'node:crypto';
import {type Kind, ModuleFailure, type Planned, type Read, type Step} from '../contract.js';
import {changeAccounts, probeGroups, probeUsers} from './account-scripts.js';

/** A user as the host has it. What a plan leaves undefined is the host's to decide. */
export interface UserState {
	readonly exists: boolean;
	readonly uid?: number;
	readonly gid?: number;
	readonly comment?: string;
	readonly home?: string;
	readonly shell?: string;
	/** Names of the groups that list the user, sorted; the primary group among them only when it lists the user too. */
	readonly groups?: readonly string[];
	/** Names of the groups without the primary one. */
	readonly supplementary?: readonly string[];
	/** SHA-256 of the password's hash without its lock; the hash itself never leaves the host. */
	readonly passwordDigest?: string;
	readonly locked?: boolean;
	/** Days since 1970-01-01; -1: never. */
	readonly expires?: number;
	readonly passwordMin?: number;
	readonly passwordMax?: number;
	readonly passwordWarn?: number;
	readonly inactive?: number;
	/** Whether the home folder that was asked for is there. */
	readonly homeExists?: boolean;
	readonly sshKey?: {
		readonly exists: boolean;
		readonly path?: string;
		readonly publicKey?: string;
		readonly fingerprint?: string;
	};
	/** `shadow` (useradd), `busybox` (adduser), or nothing. */
	readonly tools?: string;
	/** The host has programs of its own that run when accounts are changed. */
	readonly hooked?: boolean;
}

export interface GroupState {
	readonly exists: boolean;
	readonly name?: string;
	readonly gid?: number;
	readonly tools?: string;
	readonly hooked?: boolean;
}

/** `sshKey`: the file of the key, in the home folder unless absolute. `home`: the folder asked for in place of the user's own. `local`: only the host's own files count. */
export function userRead(name: string, wants: {local?: boolean; sshKey?: string; home?: string} = {}): Read<UserState> {
	return {
		kind: userKind,
		key: name,
		wants: {local: wants.local ? 'yes' : '', sshKey: wants.sshKey ?? '', home: wants.home ?? ''},
	};
}

/** A group by its name or number. */
export function groupRead(name: string, wants: {local?: boolean} = {}): Read<GroupState> {
	return {kind: groupKind, key: name, wants: {local: wants.local ? 'yes' : ''}};
}

/** What a password's hash is compared by; a lock before it does not count. */
export function passwordDigest(hash: string): string {
	return createHash('sha256').update(hash.replace(/^!+/, '')).digest('hex');
}

export const userKind: Kind<UserState> = {
	name: 'user',
	probe: (reads) => ({
		script: probeUsers,
		args: reads.flatMap(({key, wants}) => [
			key,
			String(wants?.['local'] ?? ''),
			String(wants?.['sshKey'] ?? ''),
			String(wants?.['home'] ?? ''),
		]),
		parse({stdout, stderr, status}) {
			if (status !== 0) throw new ModuleFailure(stderr.toString().trim() || 'the users could not be read');
			return blocks(stdout.toString()).map(userState);
		},
	}),
	equal: (actual, planned) =>
		(Object.keys(planned) as (keyof UserState)[]).every(
			(field) => field === 'tools' || planned[field] === undefined || sameField(field, actual, planned),
		),
	changes: (_read, before, after) => (after.homeExists || after.sshKey?.exists ? undefined : placesOfNew(before, after)),
	overlay(actual, read, planned) {
		const own = planned.get('user', read.key) as UserState | undefined;
		return own ? {...actual, ...defined(own)} : actual;
	},
};

function sameField(field: keyof UserState, actual: UserState, planned: UserState): boolean {
	if (field === 'groups' || field === 'supplementary') return actual[field]?.join() === planned[field]!.join();
	if (field === 'sshKey') return actual.sshKey?.exists === planned.sshKey!.exists;
	return actual[field] === planned[field];
}

function defined<S extends object>(state: S): Partial<S> {
	return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined)) as Partial<S>;
}

export const groupKind: Kind<GroupState> = {
	name: 'group',
	probe: (reads) => ({
		script: probeGroups,
		args: reads.flatMap(({key, wants}) => [key, String(wants?.['local'] ?? '')]),
		parse({stdout, stderr, status}) {
			if (status !== 0) throw new ModuleFailure(stderr.toString().trim() || 'the groups could not be read');
			return blocks(stdout.toString()).map(groupState);
		},
	}),
	equal: (actual, planned) => actual.exists === planned.exists && (planned.gid === undefined || planned.gid === actual.gid),
	changes: (_read, before, after) => placesOfNew(before, after),
	overlay: foretellGroup,
};

/** What groupadd and useradd write (useradd(8)), no home folder given: the databases with their old versions, the mail box, the logs of logins. */
const written = [
	...['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid'].flatMap((name) => [`/etc/${name}`, `/etc/${name}-`]),
	'/etc/.pwd.lock',
	'/var/mail',
	'/var/spool/mail',
	'/var/log/lastlog',
	'/var/log/faillog',
];

/** A new account is nothing but some lines; what else may come of a change, nobody knows. */
function placesOfNew(before: UserState | GroupState, after: UserState | GroupState): readonly string[] | undefined {
	return !before.exists && after.exists && before.tools === 'shadow' && !before.hooked ? written : undefined;
}

/** A group may be asked for by number, and a user that will be made brings the group of its name. */
function foretellGroup(actual: GroupState, read: Read<GroupState>, planned: Planned): GroupState {
	const own = planned.get('group', read.key) as GroupState | undefined;
	if (own) return {...actual, ...defined(own)};
	for (const [name, state] of planned.entries('group')) {
		const {gid, exists} = state as GroupState;
		if (gid !== undefined && String(gid) === read.key) return {...actual, exists, name, gid};
	}
	const user = planned.get('user', read.key) as UserState | undefined;
	if (user?.exists && !actual.exists && user.gid === undefined) return {...actual, exists: true, name: read.key};
	return actual;
}

type Block = ReadonlyMap<string, readonly string[]>;

/** Lines `name=value`, repeated names allowed; a block ends with an empty line. */
function blocks(text: string): Block[] {
	return text
		.split('\n\n')
		.filter((block) => block.trim() !== '')
		.map((block) => {
			const values = new Map<string, string[]>();
			for (const line of block.split('\n')) {
				const at = line.indexOf('=');
				if (at > 0) values.set(line.slice(0, at), [...(values.get(line.slice(0, at)) ?? []), line.slice(at + 1)]);
			}
			return values;
		});
}

function userState(block: Block): UserState {
	const one = (name: string) => block.get(name)?.[0];
	const number = (name: string) => (one(name) ? Number(one(name)) : undefined);
	const tools = one('tools') ?? '';
	const key = one('key');
	const sshKey =
		key === undefined
			? {}
			: {sshKey: {exists: key !== '', path: one('keyfile'), publicKey: one('public'), fingerprint: one('fingerprint')}};
	const hooked = block.has('hooks') ? {hooked: true} : {};
	if (one('uid') === undefined) return {exists: false, tools, ...hooked, ...(key === undefined ? {} : {sshKey: {exists: false}})};
	const gid = Number(one('gid'));
	const members = (block.get('member') ?? []).map((line) => line.split(':'));
	return {
		exists: true,
		tools,
		...hooked,
		uid: Number(one('uid')),
		gid,
		comment: one('comment') ?? '',
		home: one('home') ?? '',
		shell: one('shell') ?? '',
		groups: members.map(([name = '']) => name).sort(),
		supplementary: members.filter(([, id]) => Number(id) !== gid).map(([name = '']) => name),
		homeExists: one('homeexists') === 'yes',
		...sshKey,
		...(one('password') === undefined ? {} : {passwordDigest: one('password'), locked: one('locked') === 'yes'}),
		...(block.has('expires')
			? {
					expires: number('expires') ?? -1,
					passwordMin: number('min') ?? -1,
					passwordMax: number('max') ?? -1,
					passwordWarn: number('warn') ?? -1,
					inactive: number('inactive') ?? -1,
				}
			: {}),
	};
}

function groupState(block: Block): GroupState {
	const tools = block.get('tools')?.[0] ?? '';
	const gid = block.get('gid')?.[0];
	const common = {tools, ...(block.has('hooks') ? {hooked: true} : {})};
	return gid === undefined
		? {exists: false, ...common}
		: {exists: true, name: block.get('name')?.[0] ?? '', gid: Number(gid), ...common};
}

/** Commands one after another, then a look at the account: one step that observes its reading `read`. */
export function accountStep<S>(name: string, read: Read<S>, commands: readonly (readonly string[])[], stdin = ''): Step {
	const probe = read.kind.probe([read]);
	return {
		script: changeAccounts,
		args: [read.kind.name, ...commands.flatMap((words) => [String(words.length), ...words]), '0', ...probe.args],
		stdin,
		observes: read.kind.name,
		answers: [{read: read as Read<unknown>, stateIn: (state) => state}],
		parse(response) {
			if (response.status !== 0) throw new ModuleFailure(response.stderr.toString(), {name, rc: response.status});
			return probe.parse({...response, stdout: response.stdout.subarray(response.stdout.indexOf('@\n') + 2)})[0];
		},
	};
}
