import { BellRing, Hash, Mail, MessageSquare, Phone, Send, Smartphone, Webhook } from "lucide-react";

export const CHANNEL_ICONS: Record<string, React.ReactNode> = {
  email: <Mail size={18} />,
  ntfy: <BellRing size={18} />,
  pushover: <BellRing size={18} />,
  slack: <Hash size={18} />,
  sms: <MessageSquare size={18} />,
  voice: <Phone size={18} />,
  telegram: <Send size={18} />,
  web_push: <Smartphone size={18} />,
  webhook: <Webhook size={18} />,
};
