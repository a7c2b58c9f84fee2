import {ModuleFailure} from './contract.js';

const fields: Readonly<Record<string, readonly [digits: string, name: string]>> = {
	Y: ['\\d{4}', 'year'],
	m: ['\\d{1,2}', 'month'],
	d: ['\\d{1,2}', 'day'],
	H: ['\\d{1,2}', 'hour'],
	M: ['\\d{1,2}', 'minute'],
	S: ['\\d{1,2}', 'second'],
};

/**
 * A time argument in `touch -t`'s form, which the host reads on its own clock: undefined for `preserve` or nothing, `now` as it is.
 * The format is strptime's with the fields Y m d H M S.
 */
export function touchTime(time: string | undefined, format: string): string | undefined {
	if (time === undefined || time === 'preserve') return undefined;
	if (time === 'now') return 'now';
	const pattern = format.replace(/%(.)|[^%]/g, (text, letter: string | undefined) => {
		if (letter === undefined) return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
		const field = fields[letter];
		if (!field) throw failure(time, format, `the field %${letter} is not offered`);
		return `(?<${field[1]}>${field[0]})`;
	});
	const parts = new RegExp(`^${pattern}$`).exec(time)?.groups;
	if (!parts) throw failure(time, format, `time data '${time}' does not match format '${format}'`);
	const part = (name: string, missing: string) => (parts[name] ?? missing).padStart(2, '0');
	return `${parts['year'] ?? '1900'}${part('month', '1')}${part('day', '1')}${part('hour', '0')}${part('minute', '0')}.${part('second', '0')}`;
}

function failure(time: string, format: string, reason: string): ModuleFailure {
	return new ModuleFailure(`Error while obtaining timestamp for time ${time} using format ${format}: ${reason}`);
}
