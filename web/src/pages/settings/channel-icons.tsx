import { BellRing, Mail, Send, Webhook } from "lucide-react";

export const CHANNEL_ICONS: Record<string, React.ReactNode> = {
  email: <Mail size={18} />,
  ntfy: <BellRing size={18} />,
  telegram: <Send size={18} />,
  webhook: <Webhook size={18} />,
};
