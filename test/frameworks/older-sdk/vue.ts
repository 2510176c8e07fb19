// As people wrote their Vue composable over the older SDK: the instance stands in a `ref`, which wraps it in a proxy.
import { createApp, h, onMounted, onUnmounted, ref } from 'vue';
import { MarketplaceSDK, type SDKConfig, type SessionData } from 'marketplace-session/compat';

function useSession(config: SDKConfig) {
  const sdk = ref<MarketplaceSDK | null>(null);
  const session = ref<SessionData | null>(null);
  const remaining = ref(0);
  const warnedAt = ref<number | null>(null);
  const error = ref<string | null>(null);
  let timer: ReturnType<typeof setInterval> | undefined;

  onMounted(async () => {
    const created = new MarketplaceSDK({
      ...config,
      onSessionStart: (data) => (session.value = data),
      onSessionWarning: ({ remainingSeconds }) => (warnedAt.value = remainingSeconds),
      onError: ({ message }) => (error.value = message),
    });
    sdk.value = created;
    try {
      await created.initialize();
      timer = setInterval(() => (remaining.value = sdk.value!.getRemainingTime()), 1000);
    } catch (refused) {
      error.value = (refused as Error).message;
    }
  });
  onUnmounted(() => {
    clearInterval(timer);
    sdk.value?.destroy();
  });
  return { sdk, session, remaining, warnedAt, error };
}

createApp({
  setup() {
    const { sdk, session, remaining, warnedAt, error } = useSession({ apiEndpoint: location.origin });
    return () =>
      error.value
        ? h('p', { id: 'error' }, error.value)
        : session.value && [
            h('time', { 'data-seconds': remaining.value }, sdk.value!.getFormattedTime()),
            h('p', { id: 'tokens' }, session.value.tokensAllocated),
            h('p', { id: 'warned' }, String(warnedAt.value ?? '')),
            h('button', { onClick: () => sdk.value!.pauseTimer() }, 'Pause'),
            h('button', { onClick: () => sdk.value!.resumeTimer() }, 'Resume'),
            h('button', { onClick: () => sdk.value!.endSession() }, 'Finish'),
          ];
  },
}).mount('#app');
