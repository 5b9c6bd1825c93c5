export const NewPolicyPage = () => null;
export const PolicyPage = () => null;
