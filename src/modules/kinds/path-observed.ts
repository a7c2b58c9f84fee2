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
import {type FoundPath, presentState} from './path-status.js';

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
		parse(response): PathState & PathChanged {
			const changed = step.parse!(response) as PathChanged;
			if (!changed.found) return {...planned, ...changed};
			const seen = stateOf(changed.found, planned);
			return {...planned, ...seen, type: planned.type, ...changed};
		},
	};
}

function stateOf(found: FoundPath, {path, umask}: PathState): PathState {
	const {details: _, ...state} = presentState(path, found, umask);
	return state;
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
			const {found} = output as PathChanged;
			const seen = found && stateOf(found, planned);
			return seen?.type === type ? {...seen, ...more} : undefined;
		},
	});
	if (type === 'directory') return [answer({}), answer({asFolder: true})];
	if (last.verb !== 'write' || last.validate || typeof sha1 !== 'string' || isUnverified(last.content)) return [answer({})];
	const isEdited = Buffer.isBuffer(content) && Buffer.isBuffer(last.content);
	return [answer({}), answer({sha1: true}, {sha1}), ...(isEdited ? [answer({sha1: true, content: true}, {sha1, content})] : [])];
}
