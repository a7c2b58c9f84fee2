/** A line of a plot. */
export interface Line {
	readonly name: string;
	readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
	readonly title: string;
	readonly x: string;
	readonly y: string;
	readonly lines: readonly Line[];
}

const width = 480;
const height = 280;
const frame = {left: 56, right: 16, top: 32, bottom: 44};
/** Colours that differ for the colour-blind too (Okabe and Ito). */
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];

/** A plot as SVG: both scales linear and from zero, so that a straight line is proportional growth. */
export function plotSvg({title, x, y, lines}: Plot): string {
	const all = lines.flatMap(({points}) => points);
	const scaleX = scale(Math.max(...all.map(([value]) => value)), frame.left, width - frame.right);
	const scaleY = scale(Math.max(...all.map(([, value]) => value)), height - frame.bottom, frame.top);
	const parts = [
		`<title>${title}</title>`,
		`<rect width="${width}" height="${height}" fill="#fff"/>`,
		text(width / 2, 18, title, 'middle', 'font-weight="bold"'),
		...scaleX.ticks.map(
			(tick) =>
				`${rule(scaleX.at(tick), frame.top, scaleX.at(tick), height - frame.bottom)}${text(scaleX.at(tick), height - frame.bottom + 16, short(tick), 'middle')}`,
		),
		...scaleY.ticks.map(
			(tick) =>
				`${rule(frame.left, scaleY.at(tick), width - frame.right, scaleY.at(tick))}${text(frame.left - 6, scaleY.at(tick) + 4, short(tick), 'end')}`,
		),
		text((frame.left + width - frame.right) / 2, height - 8, x, 'middle'),
		text(
			14,
			(frame.top + height - frame.bottom) / 2,
			y,
			'middle',
			`transform="rotate(-90 14 ${(frame.top + height - frame.bottom) / 2})"`,
		),
		...lines.flatMap(({name, points}, index) => {
			const color = colors[index % colors.length]!;
			const places = points.map(([px, py]) => `${scaleX.at(px).toFixed(1)},${scaleY.at(py).toFixed(1)}`);
			return [
				`<polyline points="${places.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`,
				...places.map((place) => `<circle cx="${place.split(',')[0]}" cy="${place.split(',')[1]}" r="3" fill="${color}"/>`),
				text(frame.left + 10, frame.top + 16 + 15 * index, name, 'start', `style="fill: ${color}"`),
			];
		}),
	];
	const style = 'font-family="sans-serif" font-size="12"';
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${style}>\n${parts.join('\n')}\n</svg>\n`;
}

interface Scale {
	at(value: number): number;
	readonly ticks: readonly number[];
}

/** From zero to a round number, so that there are about five ticks. */
function scale(most: number, from: number, to: number): Scale {
	const rough = most / 5 || 1;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough)!;
	const end = Math.ceil(most / step) * step || step;
	const count = Math.round(end / step);
	return {
		at: (value) => from + (value / end) * (to - from),
		ticks: Array.from({length: count + 1}, (_, index) => index * step),
	};
}

function short(value: number): string {
	return String(Number(value.toPrecision(6)));
}

function rule(x1: number, y1: number, x2: number, y2: number): string {
	return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ddd"/>`;
}

function text(x: number, y: number, content: string, anchor: string, more = ''): string {
	const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
	return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" ${more}>${escaped}</text>`;
}
