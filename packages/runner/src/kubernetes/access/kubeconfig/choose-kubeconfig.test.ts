import { expect, test } from "vitest";
import { chooseKubeconfig, type KubeconfigSources } from "./choose-kubeconfig.ts";

const everything: KubeconfigSources = {
  flag: "/flag",
  env: { KERUTA_KUBERNETES_CONFIG_PATH: "/own", KUBECONFIG: "/a::/b", KUBERNETES_SERVICE_HOST: "10.0.0.1" },
  settings: { configPath: "/setting", inCluster: false },
  home: "/home/me",
  homeConfigExists: true,
  pathDelimiter: ":",
};

test("flag, keruta's variable, KUBECONFIG, setting, home and in-cluster, in this order", () => {
  let sources = everything;
  const choose = (change: Partial<KubeconfigSources>) => {
    sources = { ...sources, ...change };
    return chooseKubeconfig(sources);
  };
  expect(choose({})).toEqual({ from: "flag", paths: ["/flag"], mayMiss: false });
  expect(choose({ flag: undefined })).toEqual({ from: "environment", paths: ["/own"], mayMiss: false });
  const { KERUTA_KUBERNETES_CONFIG_PATH: _, ...env } = everything.env;
  expect(choose({ env })).toEqual({ from: "environment", paths: ["/a", "/b"], mayMiss: true });
  const inPod = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };
  expect(choose({ env: inPod })).toEqual({ from: "setting", paths: ["/setting"], mayMiss: false });
  expect(choose({ settings: { configPath: "", inCluster: false } })).toEqual({
    from: "home",
    paths: ["/home/me/.kube/config"],
    mayMiss: false,
  });
  expect(choose({ homeConfigExists: false })).toEqual({ from: "in-cluster" });
  expect(choose({ env: {} })).toBeUndefined();
});

test("the setting in-cluster stands before files, and below the environment", () => {
  const settings = { configPath: "/setting", inCluster: true };
  const base = { ...everything, flag: undefined, settings };
  expect(chooseKubeconfig({ ...base, env: {} })).toEqual({ from: "in-cluster" });
  expect(chooseKubeconfig({ ...base, env: { KUBECONFIG: "/one" } })).toEqual({
    from: "environment",
    paths: ["/one"],
    mayMiss: false,
  });
});
