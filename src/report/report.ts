import type {LiveView, Screen} from './live-view.js';
import type {View} from './view.js';

/** What this room offers: views that turn the events of a run into text, rows and JSON lines. */
export {DefaultView} from './default-view.js';
export {JsonView} from './json-view.js';
export {ProfileTasksView, TimerView} from './timing-views.js';
export {unifiedDiff} from './unified-diff.js';
export type {Streams, View, ViewOptions} from './view.js';

/** The view for a terminal, in front of a text view; listr2 is loaded only when there is a terminal to draw on. */
export async function liveView(text: View, screen: Screen): Promise<LiveView> {
	const {LiveView} = await import('./live-view.js');
	return new LiveView(text, screen);
}
