import {PythonError} from '../fault.js';
import type {PluginContext, Test, TestTable} from '../filters/filter.js';
import {isTruthy} from '../python/compare.js';
import {typeName} from '../python/type-name.js';
import {Dict, type Value} from '../value.js';

function result(
	name: string,
	summary: string,
	aliases: readonly string[],
	example: readonly [string, string],
	holds: (result: Dict, context: PluginContext) => boolean,
): Test {
	return {
		summary,
		signature: 'result',
		aliases,
		example,
		call(context, value) {
			if (!(value instanceof Dict)) throw new PythonError('TypeError', `The '${name}' test expects a dictionary`);
			return holds(value, context);
		},
	};
}

function flag(result: Dict, key: string): boolean {
	return isTruthy(result.get(key) ?? null);
}

function changed(result: Dict): boolean {
	if (result.has('changed')) return flag(result, 'changed');
	const results = result.get('results');
	if (!Array.isArray(results) || !(results[0] instanceof Dict)) return false;
	return (results as Value[]).some((one) => one instanceof Dict && flag(one, 'changed'));
}

function asyncState(key: 'started' | 'finished'): (result: Dict, context: PluginContext) => boolean {
	return (result, context) => {
		if (result.has(key)) return flag(result, key);
		context.warn(`The '${key}' test expects an async task, but a non-async task was tested`);
		return true;
	};
}

/** Tests of what a task registered. */
export const resultTests: TestTable = {
	changed: result('changed', 'The task changed something.', ['change'], ["{'changed': true} is changed", 'True'], changed),
	failed: result('failed', 'The task failed.', ['failure'], ["{'failed': true} is failed", 'True'], (one) => flag(one, 'failed')),
	succeeded: result(
		'failed',
		'The task did not fail.',
		['success', 'successful'],
		['{} is succeeded', 'True'],
		(one) => !flag(one, 'failed'),
	),
	skipped: result('skipped', 'The task was skipped.', ['skip'], ["{'skipped': true} is skipped", 'True'], (one) =>
		flag(one, 'skipped'),
	),
	reachable: result('unreachable', 'The host was reached.', [], ['{} is reachable', 'True'], (one) => !flag(one, 'unreachable')),
	unreachable: result('unreachable', 'The host was not reached.', [], ['{} is unreachable', 'False'], (one) =>
		flag(one, 'unreachable'),
	),
	timedout: result('timedout', 'The task ran out of time.', [], ['{} is timedout', 'False'], (one) => {
		const timedout = one.get('timedout');
		if (!isTruthy(timedout === undefined ? null : timedout)) return false;
		if (!(timedout instanceof Dict))
			throw new PythonError('AttributeError', `'${typeName(timedout!)}' object has no attribute 'get'`);
		return flag(timedout, 'period');
	}),
	started: result(
		'started',
		'The asynchronous task has started.',
		[],
		["{'started': 1} is started", 'True'],
		asyncState('started'),
	),
	finished: result(
		'finished',
		'The asynchronous task has ended.',
		[],
		["{'finished': 0} is finished", 'False'],
		asyncState('finished'),
	),
};
