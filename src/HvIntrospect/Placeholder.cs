namespace HvIntrospect;
