import { attackTests } from './attackTests.ts';
import { entranceAttacks } from './entranceAttacks.ts';
import { floodAttacks } from './floodAttacks.ts';
import { wsPackage } from './Ground.ts';
import { messageAttacks } from './messageAttacks.ts';
import { streamAttacks } from './streamAttacks.ts';
import { crowdAttacks } from './upgradeAttacks.ts';

attackTests(wsPackage, 'crowds', crowdAttacks);
attackTests(wsPackage, 'messages', messageAttacks);
attackTests(wsPackage, 'the entrance', entranceAttacks);
attackTests(wsPackage, 'streams', streamAttacks);
attackTests(wsPackage, 'floods', floodAttacks);
