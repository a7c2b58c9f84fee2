import {getEntry, type MapNode, type Node} from '../source/source.js';
import {checkKeywords, isEmpty} from './check-keywords.js';
import {type Place, readEntries, readRoleEntry} from './entries.js';
import {keywords} from './keywords.js';
import {type Block, type Entry, inherited, type Level} from './level.js';
import {complain, type Reading, toKeywords} from './reading.js';

/** A play: what to do on which hosts, in Ansible's order of sections. */
export interface Play extends Level {
	readonly kind: 'play';
	readonly preTasks: readonly Entry[];
	readonly roles: readonly Block[];
	readonly tasks: readonly Entry[];
	readonly postTasks: readonly Entry[];
	/** Roles' handlers first, in the order the roles were placed, then the play's own; dynamic includes add to it. */
	readonly handlers: Entry[];
	/** Roles beside `roles` whose defaults and vars the whole play sees, in the order they were placed; dynamic includes add to it. */
	readonly published: Block[];
}

/** Reads one play of a playbook; `outer` is what an `import_playbook` gives to all its plays. */
export function readPlay(reading: Reading, map: MapNode, outer: Level | undefined): Play {
	checkKeywords(reading, map, 'play');
	const hosts = getEntry(map, 'hosts');
	if (!hosts) {
		complain(reading, 'playbook/shape', map.span, 'a play needs `hosts`', {
			ansible: "the field 'hosts' is required but was not set",
		});
	} else if (hosts.value.kind === 'seq' ? hosts.value.items.length === 0 : isEmpty(hosts.value)) {
		complain(reading, 'playbook/shape', hosts.value.span, 'a play needs `hosts`, and here is nothing', {
			ansible: 'Hosts list cannot be empty. Please check your playbook',
		});
	}
	const user = getEntry(map, 'user');
	if (user && getEntry(map, 'remote_user')) {
		complain(reading, 'playbook/shape', user.key.span, 'a play has `remote_user` or its older name `user`, not both', {
			ansible: "both 'user' and 'remote_user' are set for this play. The use of 'user' is deprecated, and should be removed",
		});
	}
	const gather = getEntry(map, 'gather_facts')?.value;
	if (!(gather?.kind === 'scalar' && gather.value === false)) reading.noteModule('setup', map.span);
	const roleHandlers: Entry[] = [];
	const published: Block[] = [];
	const place: Place = {
		reading,
		isHandler: false,
		addHandlers: (more) => roleHandlers.push(...more),
		publish: (block) => published.push(block),
		chain: [],
	};
	const play = {
		kind: 'play' as const,
		span: map.span,
		keywords: new Map([
			...[...reading.keywordDefaults].filter(([name]) => !outer || !inherited(outer, name)),
			...(user ? [['remote_user', user.value] as const] : []),
			...toKeywords(map, (name) => name in keywords && name !== 'user'),
		]),
		parent: outer,
		preTasks: [] as readonly Entry[],
		roles: [] as readonly Block[],
		tasks: [] as readonly Entry[],
		postTasks: [] as readonly Entry[],
		handlers: [] as Entry[],
		published,
	};
	const section = (name: string, more: Partial<Place> = {}) =>
		readEntries({...place, ...more}, getEntry(map, name)?.value, play, map.span.file);
	const roles = getEntry(map, 'roles')?.value;
	play.roles = roles?.kind === 'seq' ? roles.items.flatMap((item: Node) => readRoleEntry(place, item, play) ?? []) : [];
	play.preTasks = section('pre_tasks');
	play.tasks = section('tasks');
	play.postTasks = section('post_tasks');
	play.handlers = [...roleHandlers, ...section('handlers', {isHandler: true})];
	return play;
}
