import test from 'ava';
import {sshdMissing} from '../connection/sshd.js';
import {playOverDroppingConnections} from './drops.js';

test(`twenty hosts over connections that drop${sshdMissing() ? `, skipped: ${sshdMissing()}` : ''}`, async (t) => {
	if (sshdMissing()) t.pass();
	else await playOverDroppingConnections(t, 1);
});
