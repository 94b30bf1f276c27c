#!/usr/bin/env node
import { createHost } from "./compose/host.ts";
import { main } from "./run/main.ts";

// A pipe that is still open, a grandchild's or the driver's, must not keep the agent alive.
process.exit(await main(createHost()));
