import test from 'ava';
import {sshdMissing} from '../connection/sshd.js';
import {playOverDroppingConnections} from './drops.js';

(sshdMissing() ? test.skip : test)('twenty hosts over connections that drop', (t) => playOverDroppingConnections(t, 1));
