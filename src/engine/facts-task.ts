import type {Play, Task} from '../playbook/playbook.js';
import type {MapEntry, MapNode, Node} from '../source/source.js';

/** The task `Gathering Facts` that a play begins with, with the play's own `gather_subset` and `gather_timeout`. */
export function makeFactsTask(play: Play, id: number): Task {
	const {span} = play;
	const scalar = (text: string) => ({kind: 'scalar', span, value: text, text, style: 'double'}) as const;
	const entries = ['gather_subset', 'gather_timeout', 'fact_path'].flatMap((name): MapEntry[] => {
		const value = play.keywords.get(name);
		return value ? [{key: scalar(name), value}] : [];
	});
	const moduleArgs: MapNode = {kind: 'map', span, entries, duplicates: []};
	const keywords = new Map<string, Node>([['name', scalar('Gathering Facts')]]);
	if (!play.keywords.has('tags')) keywords.set('tags', scalar('always'));
	return {
		kind: 'task',
		id,
		span,
		keywords,
		parent: play,
		module: 'setup',
		written: 'setup',
		moduleSpan: span,
		moduleArgs,
		extraArgs: undefined,
		loop: undefined,
		file: span.file,
		isLocal: false,
		implicit: 'facts',
		isHandler: false,
	};
}
