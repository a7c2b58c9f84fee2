import type {Answer, Step} from '../contract.js';
import {type PathState, type PathWants, readPath} from './path.js';
import {
	changeStep,
	failedToValidate,
	type PathChange,
	type PathChanged,
	takingFrom,
	type ValidationFailure,
} from './path-change.js';
import {presentState} from './path-status.js';

/** What the step gives: the planned state with what the host decided, and all that the host says. */
type Observed = PathState & Pick<PathChanged, 'backup'> & {readonly seen: PathState | undefined};

/** The step of these changes when what the host says of the last path shall stand for the planned state of the read `name`. */
export function observedStep(
	changes: readonly PathChange[],
	name: string,
	planned: PathState,
	failure: ValidationFailure = failedToValidate,
): Step {
	const step = changeStep(changes, failure);
	const {leaves} = step;
	const instead = (from: string) => observedStep(takingFrom(changes, leaves!.content, from), name, planned, failure);
	return {
		...step,
		...(leaves ? {leaves: {...leaves, instead}} : {}),
		observes: name,
		answers: answersOf(changes, planned),
		parse(response): Observed {
			const {backup, found} = step.parse!(response) as PathChanged;
			if (!found) return {...planned, backup, seen: undefined};
			const {details: _, ...seen} = presentState(planned.path, found, planned.umask);
			return {...planned, ...seen, type: planned.type, backup, seen};
		},
	};
}

/** Bytes of the host of which only that it gave them is known. */
function isUnverified(content: (PathChange & {verb: 'write'})['content']): boolean {
	return 'path' in content && content.sha1 === undefined;
}

/** What the host says of a path that was changed is what it would say when asked. Of a file that is written it keeps just what it got, unless a validation had hold of it. */
function answersOf(changes: readonly PathChange[], planned: PathState): readonly Answer[] {
	const {type, path, umask, sha1, content} = planned;
	const last = changes.at(-1)!;
	if (last.path !== path || umask === undefined || (type !== 'file' && type !== 'directory')) return [];
	const answer = (wants: PathWants, more: Partial<PathState> = {}): Answer => ({
		read: readPath(path, wants),
		stateIn(output) {
			const {seen} = output as Observed;
			return seen?.type === type ? {...seen, ...more} : undefined;
		},
	});
	if (type === 'directory') return [answer({}), answer({asFolder: true})];
	if (last.verb !== 'write' || last.validate || typeof sha1 !== 'string' || isUnverified(last.content)) return [answer({})];
	const isEdited = Buffer.isBuffer(content) && Buffer.isBuffer(last.content);
	return [answer({}), answer({sha1: true}, {sha1}), ...(isEdited ? [answer({sha1: true, content: true}, {sha1, content})] : [])];
}
