import {type Kind, ModuleFailure, type Planned, type Read} from '../contract.js';
import {probeUnits} from './unit-probe.js';

/** What starts and stops services on a host. `process` is ours: the unit file is read and its command run as a detached process. */
export type UnitManager = 'systemd' | 'openrc' | 'sysvinit' | 'process' | 'none';

/** A service as its manager sees it. What a plan leaves undefined is the host's to decide. */
export interface UnitState {
	readonly exists?: boolean;
	/** `stopping` is neither: `started` starts it, `stopped` stops it. */
	readonly active?: 'yes' | 'stopping' | 'no';
	/** Whether it comes back after a boot, in Ansible's sense (`static` and `generated` count, `indirect` and `enabled-runtime` do not). */
	readonly enabled?: boolean;
	readonly masked?: boolean;
	readonly manager?: UnitManager;
	/** The host has an init script of that name. */
	readonly initScript?: boolean;
	/** Some unit's files have changed since the manager read them. */
	readonly stale?: boolean;
	/** What `systemctl show` tells, or the same names filled by another manager; never compared. */
	readonly properties?: Readonly<Record<string, string>>;
}

/** How the unit is asked for. */
export interface UnitAddress {
	readonly name: string;
	/** `auto`, or one of the managers by the user's wish. */
	readonly use?: string;
	readonly scope?: string;
	/** Where `process` finds unit files and keeps its records; empty for the system's own places. */
	readonly directory?: string;
	/** Whether it matters that the manager has read its files as they stand. */
	readonly fresh?: boolean;
}

/** The reading of one unit. Its key tells apart the units of different scopes and, for processes, of different folders. */
export function unitRead({name, use = 'auto', scope = 'system', directory = '', fresh = false}: UnitAddress): Read<UnitState> {
	const place = directory ? `${directory}/` : scope === 'system' ? '' : `${scope}/`;
	return {kind: unitKind, key: place + baseName(name), wants: {name, use, scope, directory, fresh: fresh ? 'yes' : ''}};
}

/** `kafka` of `kafka.service`; other sorts of unit keep their suffix. */
function baseName(name: string): string {
	return name.replace(/\.service$/, '');
}

/** The file name that systemd looks for: `kafka` is `kafka.service`. */
export function unitFileName(name: string): string {
	return /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/.test(name) ? name : `${name}.service`;
}

const unitFolders = [
	'/etc/systemd/system',
	'/run/systemd/system',
	'/usr/local/lib/systemd/system',
	'/usr/lib/systemd/system',
	'/lib/systemd/system',
];

/** What systemd's word on units rests on. */
const systemdFolders = [...unitFolders.map((folder) => folder.replace(/\/system$/, '')), '/etc/init.d'];

/** The files that make a unit known to the host; for an instance `a@b` also its template `a@`. */
function unitFiles(read: Read<UnitState>): string[] {
	const {name, directory} = wantsOf(read);
	const file = unitFileName(name);
	const names = [file, ...(/@.+\./.test(file) ? [file.replace(/@.*(?=\.)/, '@')] : [])];
	const folders = directory ? [directory] : unitFolders;
	return [
		...folders.flatMap((folder) => names.map((one) => `${folder}/${one}`)),
		...(directory ? [] : [`/etc/init.d/${baseName(name)}`]),
	];
}

function wantsOf(read: Read<UnitState>): {name: string; directory: string} {
	return {name: String(read.wants?.['name'] ?? read.key), directory: String(read.wants?.['directory'] ?? '')};
}

export const unitKind: Kind<UnitState> = {
	name: 'unit',
	probe(reads) {
		const groups = new Map<string, {head: string[]; names: string[]; indices: number[]}>();
		for (const [index, {wants = {}}] of reads.entries()) {
			const head = ['use', 'scope', 'directory', 'fresh'].map((want) => String(wants[want] ?? ''));
			const group = groups.get(head.join('\0')) ?? {head, names: [], indices: []};
			groups.set(head.join('\0'), group);
			group.names.push(String(wants['name']));
			group.indices.push(index);
		}
		const ordered = [...groups.values()];
		return {
			script: probeUnits,
			args: ordered.flatMap(({head, names}) => [...head, String(names.length), ...names]),
			parse({stdout, stderr, status}) {
				if (status !== 0) throw new ModuleFailure(stderr.toString().trim() || 'the service manager could not be asked');
				const states = parseUnits(stdout.toString());
				const order = ordered.flatMap(({indices}) => indices);
				if (states.length !== order.length)
					throw new ModuleFailure(`the service manager told of ${states.length} units instead of ${order.length}`);
				const result: UnitState[] = [];
				for (const [position, index] of order.entries()) result[index] = states[position]!;
				return result;
			},
		};
	},
	equal: (actual, planned) =>
		(['exists', 'active', 'enabled', 'masked'] as const).every(
			(field) => planned[field] === undefined || actual[field] === planned[field],
		),
	overlay: foretell,
	places: (read, {manager}) => (manager === 'systemd' && !wantsOf(read).directory ? systemdFolders : undefined),
};

/** Makes states of the probe's blocks: `@manager` heads them, `+stale` follows where some unit's files were changed since the manager read them, an empty line parts them, `+init N yes|no` tells of unit N that it has an init script. */
export function parseUnits(text: string): UnitState[] {
	const states: UnitState[] = [];
	let manager: UnitManager = 'none';
	let properties: Record<string, string> = {};
	const init = new Map<number, 'yes' | 'no'>();
	let number = 1;
	let stale = false;
	let open: string | undefined;
	const close = () => {
		if (Object.keys(properties).length > 0) states.push(unitState(manager, properties, init.get(number++), stale));
		properties = {};
	};
	for (const line of text.split('\n')) {
		const at = line.indexOf('=');
		if (open !== undefined) {
			properties[open] += `\n${line}`;
			if (line.trimEnd().endsWith('}')) open = undefined;
		} else if (line.startsWith('@')) {
			close();
			manager = line.slice(1) as UnitManager;
			init.clear();
			number = 1;
			stale = false;
		} else if (line === '+stale') stale = true;
		else if (line.startsWith('+init ')) init.set(Number(line.split(' ')[1]), line.endsWith(' yes') ? 'yes' : 'no');
		else if (line === '') close();
		else if (at > 0) {
			const name = line.slice(0, at);
			properties[name] = line.slice(at + 1).trim();
			if (name.startsWith('Exec') && properties[name].startsWith('{') && !properties[name].endsWith('}')) open = name;
		}
	}
	close();
	return states;
}

function unitState(
	manager: UnitManager,
	properties: Record<string, string>,
	init: 'yes' | 'no' | undefined,
	stale: boolean,
): UnitState {
	const {LoadState: load, ActiveState: active, UnitFileState: file, IsEnabled: isEnabled = file} = properties;
	// Not a word of systemd's: what `is-enabled` said where `show` could not answer.
	delete properties['IsEnabled'];
	const known = load !== undefined && load !== 'not-found';
	const enabledByFile = ['enabled', 'static', 'generated', 'alias', 'transient', 'linked-runtime'].includes(isEnabled ?? '');
	return {
		exists: known || init !== undefined,
		active:
			active === 'active' || active === 'activating' || active === 'reloading'
				? 'yes'
				: active === 'deactivating'
					? 'stopping'
					: 'no',
		enabled: init !== undefined && isEnabled !== 'enabled' && isEnabled !== 'disabled' ? init === 'yes' : enabledByFile,
		masked: load === 'masked' || isEnabled === 'masked',
		manager,
		initScript: init !== undefined,
		stale,
		properties,
	};
}

/**
 * What check mode foretells of a unit: what an earlier task would do to it; else a file of it that would be written makes it known,
 * one that would go makes it unknown, and a package that would come brings the unit of its name, as Debian's scripts leave it.
 */
function foretell(actual: UnitState, read: Read<UnitState>, planned: Planned): UnitState {
	const own = planned.get('unit', read.key) as UnitState | undefined;
	let state = actual;
	if (own) state = {...actual, ...own};
	else {
		for (const file of unitFiles(read)) {
			const path = planned.get('path', file) as {readonly type?: string; readonly exists?: boolean} | undefined;
			if (!path) continue;
			const gone = path.type === 'absent' || path.exists === false;
			if (gone) state = {...state, exists: false, active: 'no', enabled: false};
			else if (!state.exists) state = fresh(state, 'no');
		}
		if (!state.exists) {
			const {name} = wantsOf(read);
			const bringer = planned.get('package', baseName(name)) as
				| {readonly present?: boolean; readonly manager?: string}
				| undefined;
			if (bringer?.present) state = fresh(state, bringer.manager === 'apt' ? 'yes' : 'no');
		}
	}
	return state;
}

/** A unit that the host does not know yet, once its file lies there. */
function fresh(state: UnitState, running: 'yes' | 'no'): UnitState {
	// What the manager says of the missing file is no longer true.
	const {LoadError: _, ...known} = state.properties ?? {};
	const properties = {...known, LoadState: 'loaded', ActiveState: running === 'yes' ? 'active' : 'inactive'};
	return {...state, exists: true, active: running, enabled: running === 'yes', masked: false, properties};
}
