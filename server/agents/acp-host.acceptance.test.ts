import { describeAgentHost } from './testing/host-acceptance.ts';
import { childDemo, inProcessDemo } from './testing/demo-world.ts';

describeAgentHost('the ACP host with an agent in this process', inProcessDemo);
describeAgentHost('the ACP host with the built-in agent as a child process', childDemo);
