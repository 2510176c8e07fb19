declare module '*.vue' {
  import type { Component } from 'vue';
  const component: Component;
  export default component;
}

declare module '*.svelte' {
  import type { Component } from 'svelte';
  const component: Component;
  export default component;
}

declare module 'babel-preset-solid' {
  import type { PluginItem } from '@babel/core';
  const preset: PluginItem;
  export default preset;
}
