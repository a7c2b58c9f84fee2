import {valueError} from '../fault.js';

const pattern =
	/^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d+)?)?(?:[-_.]?(dev)[-_.]?(\d+)?)?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i;
const preNames: Record<string, number> = {alpha: 0, a: 0, beta: 1, b: 1, preview: 2, pre: 2, c: 2, rc: 2};

/** The parts of a Python version (PEP 440) in comparable order. */
function parse(text: string): {release: number[]; rest: number[]; local: (number | string)[] | undefined} {
	const match = pattern.exec(text);
	if (!match) throw valueError(`Invalid version: '${text}'`);
	const [, epoch, release, preName, preNumber, implicitPost, postName, postNumber, dev, devNumber, local] = match;
	const numbers = release!.split('.').map(Number);
	while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
	const hasPost = implicitPost !== undefined || postName !== undefined;
	// A development release of the release itself comes before its pre-releases, a final release after them.
	const pre =
		preName === undefined
			? dev !== undefined && !hasPost
				? [-1, 0]
				: [3, 0]
			: [preNames[preName.toLowerCase()]!, Number(preNumber ?? 0)];
	const post = hasPost ? Number(implicitPost ?? postNumber ?? 0) : -1;
	return {
		release: [Number(epoch ?? 0), ...numbers],
		rest: [...pre, post, dev === undefined ? Number.POSITIVE_INFINITY : Number(devNumber ?? 0)],
		local: local
			?.toLowerCase()
			.split(/[-_.]/)
			.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
	};
}

/** The order of two Python versions; throws `ValueError` for what is none. */
export function comparePep440(a: string, b: string): number {
	const [left, right] = [parse(a), parse(b)];
	for (let index = 0; index < Math.max(left.release.length, right.release.length); index++) {
		const difference = (left.release[index] ?? 0) - (right.release[index] ?? 0);
		if (difference) return difference;
	}
	for (const [index, number] of left.rest.entries()) {
		const other = right.rest[index]!;
		if (number !== other) return number < other ? -1 : 1;
	}
	if (!left.local || !right.local) return left.local ? 1 : right.local ? -1 : 0;
	for (let index = 0; index < Math.min(left.local.length, right.local.length); index++) {
		const [one, other] = [left.local[index]!, right.local[index]!];
		if (one === other) continue;
		if (typeof one !== typeof other) return typeof one === 'number' ? 1 : -1;
		return one < other ? -1 : 1;
	}
	return left.local.length - right.local.length;
}
